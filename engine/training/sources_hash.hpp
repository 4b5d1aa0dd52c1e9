// What the code of this engine is: a hash of all its sources, made by the build.
#pragma once

namespace blockyard {

extern const char* const kEngineSourcesHash;  // 64 hex digits

}  // namespace blockyard
