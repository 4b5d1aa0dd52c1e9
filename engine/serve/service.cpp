#include "serve/service.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/clock.hpp"
#include "serve/page.hpp"
#include "serve/protocol.hpp"

namespace blockyard {
namespace {

using Words = std::vector<std::string>;

// "/v2/models/a" as v2, models, a.
Words wordsOf(const std::string& path) {
  Words out;
  size_t at = 0;
  while (at < path.size()) {
    const size_t end = std::min(path.find('/', at), path.size());
    if (end > at) out.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// What a path that names a model wants of it: models/NAME[/versions/V][/what].
struct Wanted {
  std::string name{}, version{}, what{};
};
std::optional<Wanted> wantedOf(Words words) {
  if (words.size() < 2 || words[0] != "models") return std::nullopt;
  Wanted out{.name = words[1]};
  words.erase(words.begin(), words.begin() + 2);
  if (words.size() >= 2 && words[0] == "versions") {
    out.version = words[1];
    words.erase(words.begin(), words.begin() + 2);
  }
  if (words.size() > 1) return std::nullopt;
  if (!words.empty()) out.what = words[0];
  return out;
}

// Without its port: "[::1]:8080" is "::1".
std::string nameOfHost(const std::string& host) {
  if (!host.empty() && host[0] == '[') return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

// In a time that does not tell how much of it was right.
bool sameToken(const std::string& given, const std::string& wanted) {
  unsigned difference = given.size() == wanted.size() ? 0 : 1;
  for (size_t i = 0; i < given.size(); ++i)
    difference |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(wanted[i % wanted.size()]);
  return difference == 0;
}

double secondsSince(double began_at) {
  return steadySeconds() - began_at;
}

void requireToken(const ServiceSettings& settings) {
  if (!settings.token.empty() || isLoopback(settings.host)) return;
  throw Error({.parameter = "host"}, "whoever reaches " + settings.host + " could ask these models: a token is needed",
              "put one into a file and say --token-file, or listen at 127.0.0.1");
}

}  // namespace

bool isLoopback(const std::string& host) {
  return host == "::1" || host == "localhost" || host.rfind("127.", 0) == 0;
}

Service::Service(std::vector<ModelFile> files, ServiceSettings settings, Models::Replaced replaced)
    : settings_((requireToken(settings), std::move(settings))),
      models_(
          std::move(files), settings_.predict, settings_.lane,
          [this](const ModelFile& file, int64_t rows, size_t requests) { meters_.batched(file.name, rows, requests); },
          [this, replaced = std::move(replaced)](const ModelFile& file, const std::string& problem) {
            meters_.reloaded(file.name, problem.empty());
            if (replaced) replaced(file, problem);
          }),
      server_(
          settings_.host, settings_.port, settings_.http,
          [this](const HttpRequest& request) {
            std::optional<HttpReply> reply = refused(request);
            if (reply) meters_.answered({}, reply->status, secondsSince(request.began_at));
            return reply;
          },
          [this](HttpRequest request, HttpServer::Answer reply) { answer(std::move(request), std::move(reply)); }) {}

bool Service::namedRightly(const std::string& host) const {
  const std::string name = nameOfHost(host);
  return isLoopback(name) || name == settings_.host ||
         std::find(settings_.names.begin(), settings_.names.end(), name) != settings_.names.end();
}

std::optional<HttpReply> Service::refused(const HttpRequest& request) const {
  // A page from elsewhere may have its own name point here; what it sends then bears that name.
  const bool by_address = !isLoopback(settings_.host) && settings_.names.empty();
  if (!by_address && !namedRightly(request.header("host")))
    return errorReply(421, "this service is not asked by the name \"" + request.header("host") + "\"");
  const std::string origin = request.header("origin");
  if (!origin.empty() && origin != "http://" + request.header("host") && origin != "https://" + request.header("host"))
    return errorReply(403, "pages of " + origin + " may not ask this service");
  const bool open = request.path == "/v2/health/live" || request.path == "/ping" || pageFile(request.path);
  if (!settings_.token.empty() && !open && !sameToken(request.header("authorization"), "Bearer " + settings_.token)) {
    HttpReply reply = errorReply(401, "expected the header Authorization: Bearer TOKEN");
    reply.headers.emplace_back("WWW-Authenticate", "Bearer");
    return reply;
  }
  return std::nullopt;
}

void Service::answer(HttpRequest request, HttpServer::Answer reply) {
  if (request.method == "POST") {
    ask(std::move(request), std::move(reply));
    return;
  }
  HttpReply out = request.method == "GET" || request.method == "HEAD"
                      ? page(request)
                      : errorReply(405, "expected GET or POST, got " + request.method);
  meters_.answered({}, out.status, secondsSince(request.began_at));
  reply(std::move(out));
}

// The questions that a model answers.
void Service::ask(HttpRequest request, HttpServer::Answer reply) {
  Words words = wordsOf(request.path);
  Manner manner = Manner::Rows;
  std::optional<Wanted> wanted;
  if (words == Words{"predict"}) {
    wanted = Wanted{.what = "predict"};
  } else if (words == Words{"invocations"}) {
    manner = Manner::Invocations;
    wanted = Wanted{.what = "invocations"};
  } else if (!words.empty() && words[0] == "v2") {
    manner = Manner::OpenInference;
    words.erase(words.begin());
    wanted = wantedOf(words);
    if (wanted && wanted->what != "infer") wanted.reset();
  } else {
    wanted = wantedOf(words);
    if (wanted && wanted->what != "predict") wanted.reset();
  }
  const auto refuse = [&](int status, const std::string& problem) {
    meters_.answered({}, status, secondsSince(request.began_at));
    reply(errorReply(status, problem));
  };
  if (!wanted) return refuse(404, "nothing is asked with POST at " + request.path);
  const std::optional<Model> model = models_.find(wanted->name, wanted->version);
  if (!model && wanted->name.empty()) return refuse(404, "there are several models: ask /models/NAME/predict");
  if (!model)
    return refuse(404, "there is no model \"" + wanted->name + "\"" +
                           (wanted->version.empty() ? "" : " of version " + wanted->version));
  auto rows = rowsOf(manner, request.header("content-type"), std::exchange(request.body, {}));
  // The lane is not kept: it ends where it is replaced, not in its own thread.
  const auto done = [this, manner, request, reply,
                     named = Model{.name = model->name, .version = model->version}](const LaneResult& result) {
    HttpReply out = replyOf(manner, request, named, result);
    meters_.answered(named.name, out.status, secondsSince(request.began_at));
    reply(std::move(out));
  };
  if (!model->lane->ask(std::move(rows), done)) {
    HttpReply busy = errorReply(503, "too many requests wait for this model: try again");
    busy.headers.emplace_back("Retry-After", "1");
    meters_.answered(model->name, busy.status, secondsSince(request.began_at));
    reply(std::move(busy));
  }
}

HttpReply Service::page(const HttpRequest& request) const {
  const Words words = wordsOf(request.path);
  if (const auto file = pageFile(request.path)) return *file;
  if (words == Words{"metrics"}) return {.type = "text/plain; version=0.0.4", .body = meters_.text()};
  if (words == Words{"ping"} || words == Words{"health"}) return {.type = "text/plain", .body = "\n"};
  if (words == Words{"models"}) {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const Model& model : models_.all()) all.push_back(formOf(model));
    return jsonReply(all);
  }
  if (words.empty() || words[0] != "v2") return errorReply(404, "there is nothing at " + request.path);
  if (words.size() == 1)
    return jsonReply({{"name", "blockyard"}, {"version", BLOCKYARD_VERSION}, {"extensions", nlohmann::json::array()}});
  if (words == Words{"v2", "health", "live"}) return jsonReply({{"live", true}});
  if (words == Words{"v2", "health", "ready"}) return jsonReply({{"ready", true}});
  const auto wanted = wantedOf({words.begin() + 1, words.end()});
  if (!wanted || (!wanted->what.empty() && wanted->what != "ready"))
    return errorReply(404, "there is nothing at " + request.path);
  const std::optional<Model> model = models_.find(wanted->name, wanted->version);
  if (!model) return errorReply(404, "there is no model \"" + wanted->name + "\"");
  if (wanted->what == "ready") return jsonReply({{"name", model->name}, {"ready", true}});
  nlohmann::ordered_json out = metadataOf(*model);
  nlohmann::ordered_json versions = nlohmann::ordered_json::array();
  for (const Model& each : models_.all())
    if (each.name == model->name) versions.push_back(each.version);
  out["versions"] = versions;
  return jsonReply(out);
}

}  // namespace blockyard
