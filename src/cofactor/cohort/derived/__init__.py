"""Derived variables by topic; `registry` finds every one in these modules."""
