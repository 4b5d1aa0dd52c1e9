#include "base/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>

#include "base/error.hpp"

namespace blockyard {
namespace {

void check(int result) {
  if (result != 1)
    throw Error({}, "the SHA-256 of libcrypto is not available", "check OpenSSL's configuration", Fault::Failed);
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  if (!context_) throw std::bad_alloc();
  check(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
}

Sha256::~Sha256() = default;

void Sha256::update(const void* bytes, size_t size) {
  check(EVP_DigestUpdate(context_.get(), bytes, size));
}

std::string Sha256::hex() const {
  const std::unique_ptr<evp_md_ctx_st, Free> copy(EVP_MD_CTX_new());
  if (!copy) throw std::bad_alloc();
  check(EVP_MD_CTX_copy_ex(copy.get(), context_.get()));
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  check(EVP_DigestFinal_ex(copy.get(), digest.data(), &size));
  std::string out;
  for (const unsigned char byte : digest) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

std::string sha256Hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

}  // namespace blockyard
