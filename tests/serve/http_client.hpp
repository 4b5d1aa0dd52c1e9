// The other side of a service, byte by byte: it can be as rude as a test wants.
#pragma once
#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <map>
#include <string>

namespace blockyard::testing {

struct HttpSeen {
  int status = 0;  // 0: the other side hung up without an answer
  std::string head{}, body{};
};

class HttpClient {
 public:
  explicit HttpClient(uint16_t port, int patience_ms = 20000) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{patience_ms / 1000, patience_ms % 1000 * 1000};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~HttpClient() { close(fd_); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  bool connected() const { return connected_; }
  void write(const std::string& bytes) const {
    size_t at = 0;
    while (at < bytes.size()) {
      const ssize_t sent = send(fd_, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
      if (sent <= 0) return;
      at += static_cast<size_t>(sent);
    }
  }
  void endOfWriting() const { shutdown(fd_, SHUT_WR); }
  HttpSeen read() const {
    std::string all;
    char buffer[65536];
    for (ssize_t got = recv(fd_, buffer, sizeof buffer, 0); got > 0; got = recv(fd_, buffer, sizeof buffer, 0))
      all.append(buffer, static_cast<size_t>(got));
    HttpSeen out;
    if (all.rfind("HTTP/1.", 0) != 0) return out;
    out.status = std::atoi(all.c_str() + 9);
    const size_t end = all.find("\r\n\r\n");
    out.head = all.substr(0, end);
    if (end != std::string::npos) out.body = all.substr(end + 4);
    return out;
  }

 private:
  int fd_;
  bool connected_ = false;
};

using Headers = std::map<std::string, std::string>;

inline HttpSeen http(uint16_t port, const std::string& method, const std::string& path, const std::string& body = {},
                     Headers headers = {}) {
  const HttpClient client(port);
  headers.emplace("Host", "localhost");
  if (!body.empty()) headers.emplace("Content-Length", std::to_string(body.size()));
  std::string head = method + " " + path + " HTTP/1.1\r\nConnection: close\r\n";
  for (const auto& [name, value] : headers) head += name + ": " + value + "\r\n";
  client.write(head + "\r\n" + body);
  return client.read();
}

}  // namespace blockyard::testing
