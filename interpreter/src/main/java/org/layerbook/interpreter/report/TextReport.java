package org.layerbook.interpreter.report;

/** Plain text that has no other form: a listing, help, a sentence. Ends without a newline. */
public record TextReport(String text) implements Report {}
