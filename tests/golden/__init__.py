"""The golden set over ``seeds/`` and how it is scored."""
