"""The demo world Musterland: generated in the real file formats, read by the real importers."""
