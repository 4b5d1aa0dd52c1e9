// For tests of widgets. QtWidgets comes before QtTest, whose helpers for widgets ask whether it is there.
#pragma once
#include <QtWidgets/QtWidgets>

#include "plain.hpp"
