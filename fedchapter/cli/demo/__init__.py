"""The demo: three chapters of one movement in one process, with two weeks of life in them.

Decision: what is shown happened. The story runs through the services and over the wire between the three servers, with
their common clock moved into the past and brought forward, so the demo is also a test that chapters understand each
other; no row is written behind the back of a service.
"""
