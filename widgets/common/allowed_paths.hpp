// What projects may read beside their own folder, kept for good on this machine. GUI thread.
#pragma once
#include <QtCore/QString>

namespace blockyard {

// From now on projects read their own folder, known data sets and what was allowed, now or earlier; all else is
// refused.
void guardProjects();
// The person has chosen that file or folder, or has agreed to it.
void allowForGood(const QString& path);

}  // namespace blockyard
