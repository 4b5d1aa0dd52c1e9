// For tests that use tensors themselves.
#pragma once
#include "../../engine/base/torch_pch.hpp"
#include "plain.hpp"
