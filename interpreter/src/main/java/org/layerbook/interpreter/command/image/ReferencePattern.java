package org.layerbook.interpreter.command.image;

import org.layerbook.engine.golang.GlobPattern;
import org.layerbook.engine.oci.Reference;
import org.layerbook.interpreter.command.spec.CommandException;

/**
 * {@code docker images PATTERN}: a name with wildcards, none of which match a slash. It has to match the whole name as
 * docker shows it, with or without the tag.
 */
record ReferencePattern(GlobPattern pattern) {
    /** @throws CommandException with docker's sentence, when it is malformed */
    static ReferencePattern of(String glob) throws CommandException {
        try {
            return new ReferencePattern(GlobPattern.compile(glob));
        } catch (IllegalArgumentException e) {
            throw new CommandException("Error response from daemon: syntax error in pattern", 1);
        }
    }

    boolean matches(Reference name) {
        return pattern.matches(name.familiar()) || pattern.matches(name.familiarName());
    }
}
