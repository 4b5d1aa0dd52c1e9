#include "widgets/inspector/param_text.hpp"

#include <QtCore/QCoreApplication>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "graph/settle.hpp"

namespace blockyard {
namespace {

struct Texter {
  Q_DECLARE_TR_FUNCTIONS(Param)
};

constexpr double kNoLimit = 1e15;  // settings that may be as large as one likes have this limit

QString number(double value) {
  if (std::abs(value) < kNoLimit && value == std::floor(value)) return QString::number(value, 'f', 0);
  return QString::fromStdString(Value(value).text());
}

bool holdsVariable(const QString& text) {
  return text.contains(QLatin1String("${"));
}

QString itemText(const OrderedJson& item) {
  if (item.is_string()) return QString::fromStdString(item.get<std::string>());
  if (item.is_number()) return shownText(valueFromJson(nlohmann::json(item)));
  return QString::fromStdString(item.dump());
}

// One item of a list in the type of the list's items; a variable stays as it is.
OrderedJson itemFromText(const Param& param, const QString& item) {
  if (holdsVariable(item) || param.fallback.is<Texts>()) return item.toStdString();
  const Value like = param.fallback.is<Integers>() ? Value(0) : Value(0.0);
  return toJson(valueFromText(item.trimmed().toStdString(), like));
}

OrderedJson unchecked(const Param& param, const QString& text) {
  const QString trimmed = text.trimmed();
  if (param.role == Role::Code) return text.toStdString();
  if (!isList(param)) {
    if (holdsVariable(text)) return (isNumeric(param) ? trimmed : text).toStdString();
    const bool plain = param.fallback.is<std::string>();
    return toJson(valueFromText((plain ? text : trimmed).toStdString(), param.fallback));
  }
  if (trimmed.startsWith(QLatin1String("${")) && trimmed.indexOf(u'}') == trimmed.size() - 1)
    return trimmed.toStdString();
  OrderedJson out = OrderedJson::array();
  for (const auto& item : splitItems(text)) out.push_back(itemFromText(param, item));
  return out;
}

}  // namespace

QString readableName(const std::string& name) {
  QString out = QString::fromStdString(name);
  out.replace(u'_', u' ');
  if (!out.isEmpty()) out[0] = out[0].toUpper();
  return out;
}

QString limitText(const Param& param) {
  if (const auto* choices = std::get_if<Choices>(&param.limit)) {
    QStringList names;
    for (const auto& choice : *choices) {
      const QString name = QString::fromStdString(choice);
      const bool word = !name.isEmpty() && name[0].isLetterOrNumber();
      names.push_back(word ? name : u'"' + name + u'"');
    }
    return Texter::tr("one of %1").arg(names.join(QLatin1String(", ")));
  }
  const auto* range = std::get_if<Range>(&param.limit);
  if (range == nullptr) return {};
  const bool low = std::isfinite(range->low), high = range->high < kNoLimit;
  if (low && high) return Texter::tr("from %1 to %2").arg(number(range->low), number(range->high));
  if (low) return Texter::tr("at least %1").arg(number(range->low));
  return high ? Texter::tr("at most %1").arg(number(range->high)) : QString();
}

QString typeText(const Param& param) {
  if (param.role == Role::Code) return Texter::tr("code");
  if (param.role == Role::File) return Texter::tr("file");
  if (param.role == Role::Column) return Texter::tr("column");
  if (param.role == Role::Columns) return Texter::tr("columns");
  if (isChoice(param)) return Texter::tr("choice");
  return Texter::tr(param.fallback.typeName());
}

QString paramToolTip(const Param& param) {
  const auto line = [](const QString& what, const QString& text) {
    return QStringLiteral("<br>%1: %2").arg(what, text.toHtmlEscaped());
  };
  const QString fallback = shownText(param.fallback);
  QString out = QStringLiteral("<b>%1</b> (%2)<br>%3")
                    .arg(QString::fromStdString(param.name).toHtmlEscaped(), typeText(param),
                         QString::fromStdString(param.doc).toHtmlEscaped());
  if (param.role != Role::Code) out += line(Texter::tr("Default"), fallback.isEmpty() ? Texter::tr("empty") : fallback);
  if (const QString limit = limitText(param); !limit.isEmpty()) out += line(Texter::tr("Allowed"), limit);
  if (!param.unit.empty()) out += line(Texter::tr("Unit"), QString::fromStdString(param.unit));
  return out;
}

bool isNumeric(const Param& param) {
  return param.fallback.is<int64_t>() || param.fallback.is<double>();
}
bool isList(const Param& param) {
  return param.fallback.is<Integers>() || param.fallback.is<Numbers>() || param.fallback.is<Texts>();
}
bool isChoice(const Param& param) {
  return param.fallback.is<std::string>() && std::holds_alternative<Choices>(param.limit);
}

bool namesVariable(const Param& param, const OrderedJson& stored) {
  if (param.role == Role::Code) return false;
  if (stored.is_string()) return stored.get_ref<const std::string&>().find("${") != std::string::npos;
  if (!stored.is_array()) return false;
  for (const auto& item : stored)
    if (namesVariable(param, item)) return true;
  return false;
}

QString shownText(const Value& value) {
  if (!value.is<Integers>() && !value.is<Numbers>() && !value.is<Texts>()) return QString::fromStdString(value.text());
  QStringList items;
  const OrderedJson json = toJson(value);
  for (const auto& item : json) items.push_back(itemText(item));
  return joinItems(items);
}

QString shownText(const Param& param, const OrderedJson& stored) {
  if (stored.is_string()) return QString::fromStdString(stored.get<std::string>());
  if (stored.is_array() && isList(param)) {
    if (stored.empty()) return QStringLiteral("[]");
    QStringList items;
    for (const auto& item : stored) items.push_back(itemText(item));
    return joinItems(items);
  }
  try {
    return shownText(settledValue(param, stored));
  } catch (const Error&) {
    return QString::fromStdString(stored.dump());
  }
}

OrderedJson storedFromText(const Param& param, const QString& text, const Variables& variables) {
  OrderedJson out = unchecked(param, text);
  static_cast<void>(settledValue(param, param.role == Role::Code ? out : variables.replaced(out)));
  return out;
}

QStringList splitItems(const QString& text) {
  QString rest = text.trimmed();
  if (rest.startsWith(u'[') && rest.endsWith(u']')) rest = rest.mid(1, rest.size() - 2);
  QStringList out;
  QString item;
  bool quoted = false, was_quoted = false;
  const auto end = [&] {
    out.push_back(was_quoted ? item : item.trimmed());
    item.clear();
    was_quoted = false;
  };
  for (qsizetype i = 0; i < rest.size(); ++i) {
    const QChar c = rest[i];
    if (quoted && c == u'"' && i + 1 < rest.size() && rest[i + 1] == u'"') {
      item += rest[++i];  // a doubled quote stands for itself, as in CSV
    } else if (c == u'"' && (quoted || item.trimmed().isEmpty())) {
      if (!quoted) item.clear();
      quoted = !quoted;
      was_quoted = true;
    } else if (c == u',' && !quoted) {
      end();
    } else if (!was_quoted || quoted) {
      item += c;
    }
  }
  // A comma at the end is one that somebody is about to go on from.
  if (was_quoted || !item.trimmed().isEmpty()) end();
  return out;
}

QString joinItems(const QStringList& items) {
  QStringList out;
  for (const auto& item : items) {
    const bool plain = !item.isEmpty() && item == item.trimmed() && !item.contains(u',') && !item.contains(u'"') &&
                       !item.startsWith(u'[') && !item.endsWith(u']');
    out.push_back(plain ? item : u'"' + QString(item).replace(u'"', QLatin1String("\"\"")) + u'"');
  }
  return out.join(QLatin1String(", "));
}

}  // namespace blockyard
