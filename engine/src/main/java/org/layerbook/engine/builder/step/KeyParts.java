package org.layerbook.engine.builder.step;

import java.util.ArrayList;
import java.util.List;

/** The names of a cache key's parts, and what each means to a user. docs/cache-keys.md describes them. */
public final class KeyParts {
    public static final String PARENT = "parent";
    public static final String COMMAND = "command";
    /** All variables of the process, in order. */
    public static final String VARIABLES = "variables";

    /** Those of {@link #VARIABLES} that are build arguments. Decides nothing: a miss is explained with it. */
    public static final String ARGUMENTS = "args";

    /** The others, for explanations too. */
    public static final String ENVIRONMENT = "env";

    public static final String WORKDIR = "workdir";
    public static final String USER = "user";
    public static final String MOUNTS = "mounts";
    public static final String NETWORK = "network";
    public static final String HOSTS = "hosts";
    public static final String HOSTNAME = "hostname";
    public static final String LIMITS = "limits";
    public static final String PLATFORM = "platform";
    public static final String SOURCES = "sources";
    public static final String FILES = "files";
    public static final String DESTINATION = "destination";
    public static final String OPTIONS = "options";
    public static final String EPOCH = "epoch";

    private KeyParts() {}

    /** {@code the files that it copies have changed, and so has the user}. */
    public static String sentence(List<String> changed) {
        if (changed.isEmpty()) {
            return "its result is no longer in the store";
        }
        var phrases = new ArrayList<String>();
        for (String part : changed) {
            phrases.add(phrase(part));
        }
        return "changed: " + String.join("; ", phrases);
    }

    private static String phrase(String part) {
        return switch (part) {
            case PARENT -> "the file system from earlier steps";
            case COMMAND -> "the command";
            case VARIABLES -> "the order of the variables";
            case ARGUMENTS -> "a build argument in scope";
            case ENVIRONMENT -> "the environment";
            case WORKDIR -> "the working directory";
            case USER -> "the user";
            case MOUNTS -> "the mounts";
            case NETWORK -> "the network";
            case HOSTS -> "the extra hosts";
            case HOSTNAME -> "the hostname";
            case LIMITS -> "the resource limits";
            case PLATFORM -> "the platform";
            case SOURCES -> "the sources";
            case FILES -> "the copied files";
            case DESTINATION -> "the destination";
            case OPTIONS -> "the instruction's flags";
            case EPOCH -> "SOURCE_DATE_EPOCH";
            default -> part;
        };
    }
}
