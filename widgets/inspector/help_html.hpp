// The texts of help pages as HTML, without colours: those come from the style sheet of the page. Stateless.
#pragma once
#include <QtCore/QString>

#include "blocks/schema.hpp"
#include "widgets/inspector/param_form.hpp"

namespace blockyard {

// The picture of the block is the image "block.png" of the document that shows it, `picture` large.
QString blockHtml(const BlockSchema& schema, const QSize& picture);
QString canvasHtml();  // how the canvas is used by mouse and keyboard
QString trainingHtml(const std::vector<ParamSection>& sections);
// "a,b\n1,\"x, y\"\n" as rows of cells; quotes as in CSV.
std::vector<QStringList> cellsOfCsv(const std::string& csv);

}  // namespace blockyard
