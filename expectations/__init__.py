"""What is expected of a staged release: Great Expectations suites, one module a subject."""
