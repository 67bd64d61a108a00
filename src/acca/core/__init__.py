"""The rules: values in, values out; no clock, dice, SQL, HTTP or JSON names here."""
