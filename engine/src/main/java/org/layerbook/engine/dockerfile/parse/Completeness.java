package org.layerbook.engine.dockerfile.parse;

/** Whether a text could be run as it stands; one answer serves {@code is_complete_request} and the prompt. */
public enum Completeness {
    COMPLETE,
    /** An open continuation line, heredoc or quote. */
    INCOMPLETE,
    INVALID
}
