// Service: trained pipelines behind HTTP.
//
//   GET  /              a page to try the models in a browser
//   GET  /models        what there is, and what each takes
//   POST /models/NAME[/versions/V]/predict   rows in, rows out (protocol.hpp)
//   POST /predict       the same where there is one model
//   POST /invocations, GET /ping             MLflow's scoring protocol
//   GET  /v2, /v2/health/live, /v2/health/ready, /v2/models/NAME[/versions/V][/ready],
//   POST /v2/models/NAME[/versions/V]/infer  Open Inference Protocol
//   GET  /metrics       for Prometheus
//
// Nothing in a request is ever taken for a path or for code. Off loopback a token is needed; a page of somebody else's
// cannot ask (Host and Origin are checked).
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "serve/http.hpp"
#include "serve/meters.hpp"
#include "serve/models.hpp"

namespace blockyard {

struct ServiceSettings {
  std::string host = "127.0.0.1";
  uint16_t port = 8080;
  // Names by which the service is asked beside `host`, localhost and loopback addresses: "models.example.org".
  std::vector<std::string> names{};
  std::string token{};  // empty: none is asked for; off loopback that is refused
  HttpLimits http{};
  LaneLimits lane{};
  PredictOptions predict{};
};

class Service {
 public:
  // Loads the models and listens. Throws Error.
  Service(std::vector<ModelFile> files, ServiceSettings settings, Models::Replaced replaced = {});

  uint16_t port() const { return server_.port(); }
  const Models& models() const { return models_; }

 private:
  std::optional<HttpReply> refused(const HttpRequest& request) const;
  bool namedRightly(const std::string& host) const;
  void answer(HttpRequest request, HttpServer::Answer answer);
  void ask(HttpRequest request, HttpServer::Answer answer);
  HttpReply page(const HttpRequest& request) const;

  ServiceSettings settings_;
  Meters meters_;
  Models models_;
  HttpServer server_;  // last: it ends before what it asks
};

bool isLoopback(const std::string& host);

}  // namespace blockyard
