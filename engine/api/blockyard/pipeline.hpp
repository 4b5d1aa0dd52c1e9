// The library libblockyard: what `blockyard train` or `blockyard export` has written as a bundle answers inside of a
// program of yours. In CMake: find_package(Blockyard) and link Blockyard::blockyard; nothing else is to be included.
//
//   blockyard::api::Pipeline pipeline("penguins.safetensors");
//   blockyard::api::Table answers = pipeline.predictJson(R"([{"island": "Biscoe", "bill_length_mm": 39.1}])");
//
// The answers are those of `blockyard predict`. Nothing in a bundle is run as code, and nothing is sent anywhere.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#define BLOCKYARD_API __attribute__((visibility("default")))

namespace blockyard::api {

enum class Fault { Failed = 1, BadInput = 3, NoDevice = 4, OutOfMemory = 5 };  // as exit codes of the command

// What every function here throws for what a caller or a file can cause. what() is "place: problem (hint)".
class BLOCKYARD_API Error : public std::runtime_error {
 public:
  Error(const std::string& what, Fault fault) : std::runtime_error(what), fault_(fault) {}
  ~Error() override;
  Fault fault() const { return fault_; }

 private:
  Fault fault_;
};

// Number to Time are columns. Picture: [N, C, H, W], 0 to 255, or files of pictures. Tensor: numbers [N, ...].
enum class Kind { Number, Category, Text, Time, Picture, Tensor };

// One column of N rows. What is missing is NaN, or an empty text.
struct Column {
  std::string name{};
  Kind kind = Kind::Number;
  std::vector<double> numbers{};     // [N] of Number, and of Time: seconds since 1970-01-01 UTC
  std::vector<std::string> texts{};  // [N] of Category and Text, UTF-8

  size_t rows() const { return kind == Kind::Category || kind == Kind::Text ? texts.size() : numbers.size(); }
};
using Table = std::vector<Column>;  // of equally many rows

// What goes in or comes out.
struct Field {
  std::string name{};
  Kind kind = Kind::Number;
  std::vector<std::string> classes{};  // of a Category that goes in: those trained on. Others are dealt with as unknown
  std::vector<int64_t> shape{};        // of Picture and Tensor, -1 where any size will do: the first is the rows
  bool needed = true;                  // false: no block looks at this column, so it may be left out
};

struct Options {
  std::string device = "cpu";  // "auto", "cpu", "cuda" or "cuda:N"
  int threads = 0;             // of the computation, for the whole process; 0: one per core
};

// A trained pipeline: preprocessing, model and postprocessing. One call at a time on the same object; objects of their
// own answer side by side in as many threads. Every function throws Error.
class BLOCKYARD_API Pipeline {
 public:
  // Reads and checks the file, which may be deleted afterwards.
  explicit Pipeline(const std::string& bundle, const Options& options = {});
  ~Pipeline();
  Pipeline(Pipeline&&) noexcept;
  Pipeline& operator=(Pipeline&&) noexcept;

  const std::string& run() const;            // the training that it comes from
  const std::vector<Field>& inputs() const;  // columns, or one Picture or Tensor
  std::vector<Field> outputs() const;        // the columns of the answers; what names rows of files is not told

  // Answers for rows in memory, in their order. Columns are found by name; units are those of the training data.
  Table predict(const Table& rows);
  // Rows as JSON: a list of objects, an object of lists, or, without columns, the numbers as nested lists [N, ...].
  Table predictJson(const std::string& rows);
  // The bytes of one JPEG, PNG, BMP, TIFF or WebP file, brought to the size that was trained on.
  Table predictPicture(std::string_view file);
  // Files and folders as `blockyard predict` takes them, some thousand rows at a time, whatever their size.
  // Columns that name the rows (the file of a picture) come first.
  void predictFiles(const std::vector<std::string>& files, const std::function<void(const Table&)>& each);

 private:
  class Loaded;
  std::unique_ptr<Loaded> loaded_;
};

// As `blockyard predict` writes it (RFC 4180).
BLOCKYARD_API std::string csvText(const Table& table, bool header = true);

}  // namespace blockyard::api
