package org.layerbook.kernel;

/** A message that cannot be answered because it is not one: badly framed, badly signed, or not JSON. */
final class MalformedMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedMessageException(String message) {
        super(message);
    }
}
