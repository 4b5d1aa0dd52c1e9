// blockyard serve: trained pipelines behind HTTP.
#include <fstream>
#include <thread>

#include "base/file.hpp"
#include "interrupt.hpp"
#include "locate.hpp"
#include "serve/service.hpp"
#include "verbs.hpp"

namespace blockyard::cli {
namespace {

struct Options {
  std::vector<std::string> models{};
  std::string project{};
  std::string token_file{};
  ServiceSettings service{.predict = {.threads = 1}};  // many small questions: threads would wait for each other
  double body_mb = 64;
};

// A name as it can stand in an address without being written in another way.
std::string inAddress(std::string name) {
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.') c = '-';
  return name;
}

// NAME=TRAINED, NAME:VERSION=TRAINED or TRAINED alone, whose file or project names it then.
ModelFile modelFile(const std::string& word, const std::string& project) {
  const size_t equals = word.find('=');
  const std::string given = equals == std::string::npos ? std::string() : word.substr(0, equals);
  const Trained trained = findTrained(equals == std::string::npos ? word : word.substr(equals + 1), project);
  ModelFile out{.name = given, .file = trained.bundle};
  if (const size_t colon = given.find(':'); colon != std::string::npos)
    out.name = given.substr(0, colon), out.version = given.substr(colon + 1);
  if (out.name.empty() && trained.in_run) out.name = inAddress(Bundle(trained.bundle.string()).plan().project);
  if (out.name.empty()) out.name = inAddress(trained.bundle.stem().string());
  if (out.name.find('/') != std::string::npos || out.version.empty() || out.version.find('/') != std::string::npos)
    throwUsage("expected NAME=FILE or NAME:VERSION=FILE with a name that can stand in an address, got \"" + word + "\"",
               "leave / out of it");
  return out;
}

std::string readToken(const std::string& file) {
  std::string token = readFile(file, 4096);
  while (!token.empty() && std::isspace(static_cast<unsigned char>(token.back()))) token.pop_back();
  if (token.size() < 16)
    throw Error({.file = file}, "expected a token of at least 16 characters, got " + std::to_string(token.size()),
                "openssl rand -hex 24 makes one");
  return token;
}

int run(Options options, const Context& context) {
  std::vector<ModelFile> files;
  for (const auto& word : options.models) files.push_back(modelFile(word, options.project));
  if (!options.token_file.empty()) options.service.token = readToken(options.token_file);
  options.service.http.body_bytes = static_cast<size_t>(options.body_mb * 1e6);
  watchSignals();
  Service service(std::move(files), options.service, [&](const ModelFile& file, const std::string& problem) {
    if (problem.empty())
      context.say(file.name + ": the new file is in use");
    else
      context.say(file.name + ": the file has changed but cannot be taken, the old model stays: " + problem);
  });
  const std::string& host = options.service.host;
  const std::string address = "http://" + (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" +
                              std::to_string(service.port());
  for (const Model& model : service.models().all())
    context.say("  " + model.name + ", version " + model.version + "   " + address + "/models/" + model.name +
                "/predict");
  context.say("listening at " + address + " until Ctrl-C");
  if (context.json) context.printJson({{"address", address}, {"port", service.port()}});
  while (signalSeen() == 0) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  context.say("answering what has been asked, then done");
  return 0;
}

}  // namespace

Verb serveVerb() {
  return {"serve", "Answer over HTTP with trained pipelines",
          "blockyard serve latest                              # then open http://127.0.0.1:8080\n"
          "blockyard serve flowers=flowers.safetensors prices:2=prices.safetensors\n"
          "curl -H 'Content-Type: text/csv' --data-binary @new.csv http://127.0.0.1:8080/models/flowers/predict",
          [](CLI::App& app) -> Work {
            auto options = std::make_shared<Options>();
            ServiceSettings& service = options->service;
            app.add_option("TRAINED", options->models,
                           "a run (its id, the beginning of one, or \"latest\"), a bundle file, or a project; "
                           "NAME=TRAINED or NAME:VERSION=TRAINED names it. A file that is replaced is loaded anew")
                ->required();
            addProjectOption(app, options->project);
            app.add_option("--host", service.host, "the address to listen at; any but loopback needs --token-file");
            app.add_option("--port", service.port, "0: one that is free");
            app.add_option("--name", service.names, "a name by which the service is asked, such as models.example.org");
            app.add_option("--token-file", options->token_file, "a file with the token that every request must bear")
                ->type_name("FILE");
            app.add_option("--batch-rows", service.lane.rows, "rows of different requests that are answered together")
                ->check(CLI::Range(1, 1 << 20));
            app.add_option("--batch-wait", service.lane.wait_ms, "how long a request waits for company, in ms")
                ->check(CLI::Range(0.0, 10000.0));
            app.add_option("--max-body", options->body_mb, "largest request, in MB")->check(CLI::Range(0.001, 4096.0));
            app.add_option("--max-seconds", service.http.request_seconds, "until a request must have come, in seconds")
                ->check(CLI::Range(1, 3600));
            app.add_option("--side-by-side", service.lane.side_by_side,
                           "batches of a model that are answered at the same time; 0 keeps all cores busy")
                ->check(CLI::Range(0, 1024))
                ->capture_default_str();
            app.add_option("--device", service.predict.device, "auto, cpu, cuda or cuda:N")->type_name("NAME");
            app.add_option("--threads", service.predict.threads, "threads that answer one batch; 0 is one per core")
                ->type_name("N")
                ->capture_default_str();
            return [options](Context& context) { return run(*options, context); };
          }};
}

}  // namespace blockyard::cli
