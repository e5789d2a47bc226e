package org.layerbook.engine.builder.plan;

import java.util.Optional;

/** A build context that is somewhere else. */
public sealed interface RemoteContext {
    /**
     * Tells what {@code text} names: a repository in any of BuildKit's spellings, else an {@code http(s)://} URL; empty
     * for anything else.
     *
     * @throws IllegalArgumentException with BuildKit's sentence, when a repository's query says what cannot be
     */
    static Optional<RemoteContext> of(String text) {
        Optional<GitAddress> git = GitAddress.parseContext(text);
        if (git.isPresent()) {
            return Optional.of(new Git(git.get()));
        }
        return text.startsWith("http://") || text.startsWith("https://")
                ? Optional.of(new Url(text))
                : Optional.empty();
    }

    /** Without a password. */
    String title();

    final class Git implements RemoteContext {
        private final GitAddress address;

        private Git(GitAddress address) {
            this.address = address;
        }

        public GitAddress address() {
            return address;
        }

        @Override
        public String title() {
            return address.toString();
        }
    }

    final class Url implements RemoteContext {
        private final String url;

        private Url(String url) {
            this.url = url;
        }

        public String url() {
            return url;
        }

        @Override
        public String title() {
            return UrlCredentials.hidden(url);
        }
    }
}
