// HttpServer: requests in, replies out, over libmicrohttpd. One thread waits for all connections, so a slow client
// costs memory for its headers and nothing else. Knows nothing of models. What it refuses by itself: bodies that are
// too large, of unknown length, or that take too long to come.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace blockyard {

struct HttpLimits {
  size_t body_bytes = size_t{64} << 20;
  size_t header_bytes = size_t{16} << 10;
  int request_seconds = 30;  // from the first header to the last byte of the body, and between two packets
  int connections = 4096;
};

struct HttpRequest {
  std::string method{};
  std::string path{};
  std::map<std::string, std::string> headers{};  // names in lower case; of a name that comes twice, the last
  std::string body{};
  double began_at = 0;  // seconds of the steady clock

  // Empty if it did not come.
  std::string header(const std::string& lower_name) const;
};

struct HttpReply {
  int status = 200;
  std::string type = "application/json";
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};
};

// {"error": problem}
HttpReply errorReply(int status, const std::string& problem);

class HttpServer {
 public:
  using Answer = std::function<void(HttpReply)>;
  // Network thread, before the body is read: a reply refuses the request.
  using Guard = std::function<std::optional<HttpReply>(const HttpRequest&)>;
  // Network thread; must not block. Calls `answer` once, from any thread, now or later.
  using Handler = std::function<void(HttpRequest, Answer)>;

  // Listens at once. `host`: an address of this machine, such as 127.0.0.1; port 0: one that is free. Throws Error if
  // the address cannot be had.
  HttpServer(const std::string& host, uint16_t port, const HttpLimits& limits, Guard guard, Handler handler);
  // Takes no more connections, waits for the answers that are owed, and ends.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  uint16_t port() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace blockyard
