"""What the document has no words for: a caller may ask for less of an answer than its schema says it has."""

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.query:
        case.query.pop("fields", None)
    if case.headers:
        for name in [name for name in case.headers if name.lower() == "prefer" and "minimal" in str(case.headers[name])]:
            del case.headers[name]
