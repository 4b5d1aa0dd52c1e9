// A parameter's value as a person reads and types it, and back to what the project stores. Editors of every kind speak
// this one language, the same as `--set` of the command line, so that they differ only in looks. Stateless.
#pragma once
#include <QtCore/QString>
#include <QtCore/QStringList>

#include "blocks/schema.hpp"
#include "graph/variables.hpp"

namespace blockyard {

// "learning_rate" -> "Learning rate".
QString readableName(const std::string& name);
// "from 0 to 0.95", "at least 1", "one of a, b"; empty if everything is allowed.
QString limitText(const Param& param);
// "number", "list of texts", ... translated.
QString typeText(const Param& param);
// What a tooltip says of a parameter: exact name, doc, default, limits and unit.
QString paramToolTip(const Param& param);

bool isNumeric(const Param& param);  // an integer or a number
bool isList(const Param& param);
bool isChoice(const Param& param);  // one of several texts
// Whether "${" in the value is a variable; in code it is the code's own.
bool namesVariable(const Param& param, const OrderedJson& stored);

// The text in which an editor shows a value. Anything is taken, also what is wrong for the parameter.
QString shownText(const Param& param, const OrderedJson& stored);
QString shownText(const Value& value);
// The value that the project shall store for a text. Throws Error with what was expected and what came, also for a
// variable that is not there or does not fit.
OrderedJson storedFromText(const Param& param, const QString& text, const Variables& variables);

// Items of a comma list; an item in double quotes may hold commas. And back.
QStringList splitItems(const QString& text);
QString joinItems(const QStringList& items);

}  // namespace blockyard
