package org.layerbook.engine.builder;

import java.util.List;
import org.layerbook.engine.builder.plan.Step;

/** Layer steps as lines. */
final class PlanLines {
    private PlanLines() {}

    static void add(List<String> lines, Step step) {
        switch (step) {
            case Step.Configure configure -> {}
            case Step.MakeDirectory directory ->
                lines.add(
                        "mkdir " + directory.path() + (directory.owner().isEmpty() ? "" : " for " + directory.owner()));
            case Step.Run run -> lines.add(run(run));
            case Step.Copy copy -> lines.add(copy(copy));
        }
    }

    private static String run(Step.Run run) {
        var text = new StringBuilder("run " + run.argv().toString().replace("\n", "\\n"));
        text.append(" in ").append(run.workingDir());
        text.append(run.user().isEmpty() ? "" : " as " + run.user());
        List<String> environment = run.environment().entries().stream()
                .filter(entry -> !entry.startsWith("PATH="))
                .toList();
        text.append(environment.isEmpty() ? "" : " with " + environment);
        text.append(run.mounts().isEmpty() ? "" : " mounting " + run.mounts());
        run.script()
                .ifPresent(script -> text.append(" script ")
                        .append(script.name())
                        .append(": ")
                        .append(script.content().replace("\n", "\\n")));
        return text.toString();
    }

    private static String copy(Step.Copy copy) {
        var text = new StringBuilder("copy");
        for (Step.Source source : copy.sources()) {
            text.append(' ').append(source(source));
        }
        text.append(" to ").append(copy.destination());
        copy.options().owner().ifPresent(owner -> text.append(" chown ").append(owner));
        copy.options().mode().ifPresent(mode -> text.append(" chmod ").append(mode));
        text.append(
                copy.options().exclude().isEmpty()
                        ? ""
                        : " without " + copy.options().exclude());
        text.append(copy.options().link() ? " linked" : "");
        copy.options().epoch().ifPresent(epoch -> text.append(" at ").append(epoch));
        return text.toString();
    }

    private static String source(Step.Source source) {
        return switch (source) {
            case Step.Source.Files files ->
                files.from().map(from -> from + ":").orElse("")
                        + files.path()
                        + files.only().map(only -> "(" + only + ")").orElse("")
                        + (files.unpack() ? "~" : "");
            case Step.Source.Context all -> "all of " + all.name();
            case Step.Source.Inline inline ->
                "<<" + inline.name() + "{" + inline.content().replace("\n", "\\n") + "}";
            case Step.Source.Url url -> url.url() + "=" + url.fileName() + (url.unpack() ? "~" : "");
            case Step.Source.Git git ->
                "git " + git.address().remote() + " ref " + git.address().ref() + " dir "
                        + git.address().subdir() + (git.keepGitDir() ? " with .git" : "");
        };
    }
}
