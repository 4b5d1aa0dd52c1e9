// SHA-256, piece by piece or at once. An object belongs to one thread.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace blockyard {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void update(const void* bytes, size_t size);
  void update(std::string_view bytes) { update(bytes.data(), bytes.size()); }
  // 64 small hexadecimal digits of all that came so far; more may follow.
  std::string hex() const;

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

std::string sha256Hex(std::string_view bytes);

}  // namespace blockyard
