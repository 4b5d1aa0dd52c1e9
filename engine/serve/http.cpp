#include "serve/http.hpp"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netdb.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

namespace blockyard {
namespace {

// A request on its way and the reply to it. Shared by the connection and whoever is to answer.
struct Exchange {
  HttpRequest request{};
  std::optional<HttpReply> reply{};
  bool handed_over = false;
};
using Shared = std::shared_ptr<Exchange>;

// Ends connections whose other side has said its last word in the middle of a request: libmicrohttpd would keep them,
// with their memory, until the time for a request is over.
class HalfClosed {
 public:
  struct Peer {
    int socket = -1;
    std::atomic<bool> asked = false;  // a whole request, whose answer it may still wait for
    bool seen = false;                // half closed, when it was last looked at
  };

  HalfClosed() : thread_([this] { watch(); }) {}
  ~HalfClosed() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  static void notify(void* self, MHD_Connection* connection, void** context, MHD_ConnectionNotificationCode code) {
    auto* const watcher = static_cast<HalfClosed*>(self);
    const std::lock_guard lock(watcher->mutex_);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
      const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
      auto* const peer = new Peer{.socket = info == nullptr ? -1 : info->connect_fd};
      watcher->peers_.insert(peer);
      *context = peer;
    } else if (auto* const peer = static_cast<Peer*>(*context)) {
      watcher->peers_.erase(peer);
      delete peer;
      *context = nullptr;
    }
  }
  static void setAsked(MHD_Connection* connection, bool asked) {
    const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (info != nullptr && info->socket_context != nullptr) static_cast<Peer*>(info->socket_context)->asked = asked;
  }

 private:
  void watch() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, std::chrono::milliseconds(500), [this] { return ended_; })) {
      for (Peer* const peer : peers_) {
        char byte = 0;
        const bool silent = !peer->asked && recv(peer->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
        // Twice: what has just been read may be a whole request.
        if (silent && peer->seen) shutdown(peer->socket, SHUT_RDWR);
        peer->seen = silent;
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::set<Peer*> peers_;
  std::thread thread_;
};

// As many connections as the limit wants need as many open files.
void allowOpenFiles(int count) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= static_cast<rlim_t>(count)) return;
  limit.rlim_cur = std::min(static_cast<rlim_t>(count), limit.rlim_max);
  setrlimit(RLIMIT_NOFILE, &limit);
}

MHD_Result keepHeader(void* into, MHD_ValueKind, const char* name, const char* value) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  (*static_cast<std::map<std::string, std::string>*>(into))[lower] = value == nullptr ? "" : value;
  return MHD_YES;
}

MHD_Result send(MHD_Connection* connection, const HttpReply& reply) {
  MHD_Response* const response =
      MHD_create_response_from_buffer(reply.body.size(), const_cast<char*>(reply.body.data()), MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) return MHD_NO;
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply.type.c_str());
  for (const auto& [name, value] : reply.headers) MHD_add_response_header(response, name.c_str(), value.c_str());
  const MHD_Result queued = MHD_queue_response(connection, static_cast<unsigned>(reply.status), response);
  MHD_destroy_response(response);
  return queued;
}

sockaddr_storage addressOf(const std::string& host, uint16_t port) {
  sockaddr_storage out{};
  auto* four = reinterpret_cast<sockaddr_in*>(&out);
  auto* six = reinterpret_cast<sockaddr_in6*>(&out);
  if (inet_pton(AF_INET, host.c_str(), &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(port);
  } else if (inet_pton(AF_INET6, host.c_str(), &six->sin6_addr) == 1) {
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(port);
  } else {
    throw Error({.parameter = "host"}, "expected an address such as 127.0.0.1 or ::1, got \"" + host + "\"");
  }
  return out;
}

}  // namespace

HttpReply errorReply(int status, const std::string& problem) {
  using Json = nlohmann::json;
  return {.status = status,
          .body = Json{{"error", problem}}.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"};
}

std::string HttpRequest::header(const std::string& lower_name) const {
  const auto it = headers.find(lower_name);
  return it == headers.end() ? std::string() : it->second;
}

struct HttpServer::Parts {
  HttpLimits limits;
  Guard guard;
  Handler handler;
  MHD_Daemon* daemon = nullptr;
  std::mutex mutex;
  std::condition_variable settled;
  int owed = 0;  // answers that somebody is still to give
  HalfClosed half_closed;

  static MHD_Result access(void* self, MHD_Connection* connection, const char* url, const char* method, const char*,
                           const char* data, size_t* size, void** slot) {
    return static_cast<Parts*>(self)->take(connection, url, method, data, size, slot);
  }
  static void completed(void*, MHD_Connection* connection, void** slot, MHD_RequestTerminationCode) {
    HalfClosed::setAsked(connection, false);
    delete static_cast<Shared*>(*slot);
    *slot = nullptr;
  }

  MHD_Result take(MHD_Connection* connection, const char* url, const char* method, const char* data, size_t* size,
                  void** slot) {
    if (*slot == nullptr) return begin(connection, url, method, slot);
    const Shared& exchange = *static_cast<Shared*>(*slot);
    if (*size > 0) {
      std::string& body = exchange->request.body;
      // The length was announced and fits; what comes late or beyond it ends the connection.
      if (body.size() + *size > limits.body_bytes ||
          steadySeconds() - exchange->request.began_at > limits.request_seconds)
        return MHD_NO;
      body.append(data, *size);
      *size = 0;
      return MHD_YES;
    }
    if (exchange->handed_over) {
      const std::lock_guard lock(mutex);
      return exchange->reply ? send(connection, *exchange->reply) : MHD_NO;
    }
    handOver(connection, exchange);
    return MHD_YES;
  }

  MHD_Result begin(MHD_Connection* connection, const char* url, const char* method, void** slot) {
    auto exchange = std::make_shared<Exchange>();
    exchange->request.method = method;
    exchange->request.path = url;
    exchange->request.began_at = steadySeconds();
    MHD_get_connection_values(connection, MHD_HEADER_KIND, &keepHeader, &exchange->request.headers);
    *slot = new Shared(exchange);
    const auto reply = refused(exchange->request);
    if (!reply) return MHD_YES;
    HalfClosed::setAsked(connection, true);
    return send(connection, *reply);
  }

  std::optional<HttpReply> refused(const HttpRequest& request) const {
    if (!request.header("transfer-encoding").empty())
      return errorReply(411, "expected a body whose length is known: send Content-Length");
    const std::string length = request.header("content-length");
    if (length.size() > 18 || (!length.empty() && std::stoull("0" + length) > limits.body_bytes))
      return errorReply(
          413, "the body has " + length + " bytes, at most " + std::to_string(limits.body_bytes) + " are taken");
    return guard(request);
  }

  void handOver(MHD_Connection* connection, const Shared& exchange) {
    exchange->handed_over = true;
    HalfClosed::setAsked(connection, true);
    {
      const std::lock_guard lock(mutex);
      ++owed;
    }
    MHD_suspend_connection(connection);
    handler(std::move(exchange->request), [this, connection, exchange](HttpReply reply) {
      const std::lock_guard lock(mutex);
      if (exchange->reply) return;
      exchange->reply = std::move(reply);
      MHD_resume_connection(connection);
      if (--owed == 0) settled.notify_all();
    });
  }
};

HttpServer::HttpServer(const std::string& host, uint16_t port, const HttpLimits& limits, Guard guard, Handler handler)
    : parts_(std::make_unique<Parts>()) {
  parts_->limits = limits;
  parts_->guard = std::move(guard);
  parts_->handler = std::move(handler);
  allowOpenFiles(limits.connections + 64);
  const sockaddr_storage address = addressOf(host, port);
  const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                         (address.ss_family == AF_INET6 ? static_cast<unsigned>(MHD_USE_IPv6) : 0U);
  parts_->daemon = MHD_start_daemon(
      flags, port, nullptr, nullptr, &Parts::access, parts_.get(), MHD_OPTION_SOCK_ADDR, &address,
      MHD_OPTION_NOTIFY_COMPLETED, &Parts::completed, nullptr, MHD_OPTION_NOTIFY_CONNECTION, &HalfClosed::notify,
      &parts_->half_closed, MHD_OPTION_CONNECTION_LIMIT, static_cast<unsigned>(limits.connections),
      MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(limits.request_seconds), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
      limits.header_bytes, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_END);
  if (parts_->daemon == nullptr)
    throw Error({}, "cannot listen at " + host + ", port " + std::to_string(port) + ": " + std::strerror(errno),
                "another program may have it: choose another --port, or 0 for one that is free");
}

HttpServer::~HttpServer() {
  const FileHandle listening(MHD_quiesce_daemon(parts_->daemon));
  {
    std::unique_lock lock(parts_->mutex);
    parts_->settled.wait(lock, [&] { return parts_->owed == 0; });
  }
  MHD_stop_daemon(parts_->daemon);
}

uint16_t HttpServer::port() const {
  return MHD_get_daemon_info(parts_->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

}  // namespace blockyard
