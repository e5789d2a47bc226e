package org.layerbook.interpreter.cell;

import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;

/** Moves what was read from a part of a cell to its place in the whole cell. */
final class Shifted {
    private Shifted() {}

    /** @param columns that a prompt took from the first line */
    static SourceRange by(SourceRange range, int lines, int columns) {
        int start = range.startLine() == 1 ? columns : 0;
        int end = range.endLine() == 1 ? columns : 0;
        return new SourceRange(
                range.startLine() + lines,
                range.startColumn() + start,
                range.endLine() + lines,
                range.endColumn() + end);
    }

    static Diagnostic by(Diagnostic diagnostic, int lines, int columns) {
        return new Diagnostic(by(diagnostic.range(), lines, columns), diagnostic.message(), diagnostic.hint());
    }

    static Instruction by(Instruction instruction, int lines, int columns) {
        Instruction.Origin old = instruction.origin();
        var origin = new Instruction.Origin(by(old.range(), lines, columns), old.original(), old.escape());
        return switch (instruction) {
            case Instruction.From i -> new Instruction.From(origin, i.platform(), i.image(), i.stageName());
            case Instruction.Arg i -> new Instruction.Arg(origin, i.declarations());
            case Instruction.Env i -> new Instruction.Env(origin, i.pairs());
            case Instruction.Label i -> new Instruction.Label(origin, i.pairs());
            case Instruction.Run i ->
                new Instruction.Run(origin, i.command(), i.mounts(), i.network(), i.security(), i.device());
            case Instruction.Copy i ->
                new Instruction.Copy(
                        origin,
                        i.sources(),
                        i.destination(),
                        i.from(),
                        i.chown(),
                        i.chmod(),
                        i.link(),
                        i.parents(),
                        i.exclude());
            case Instruction.Add i ->
                new Instruction.Add(
                        origin,
                        i.sources(),
                        i.destination(),
                        i.chown(),
                        i.chmod(),
                        i.link(),
                        i.parents(),
                        i.keepGitDir(),
                        i.checksum(),
                        i.unpack(),
                        i.exclude());
            case Instruction.Workdir i -> new Instruction.Workdir(origin, i.path());
            case Instruction.User i -> new Instruction.User(origin, i.user());
            case Instruction.Expose i -> new Instruction.Expose(origin, i.ports());
            case Instruction.Volume i -> new Instruction.Volume(origin, i.paths());
            case Instruction.Cmd i -> new Instruction.Cmd(origin, i.command());
            case Instruction.Entrypoint i -> new Instruction.Entrypoint(origin, i.command());
            case Instruction.Shell i -> new Instruction.Shell(origin, i.argv());
            case Instruction.StopSignal i -> new Instruction.StopSignal(origin, i.signal());
            case Instruction.Healthcheck i ->
                new Instruction.Healthcheck(
                        origin, i.test(), i.interval(), i.timeout(), i.startPeriod(), i.startInterval(), i.retries());
            case Instruction.OnBuild i -> new Instruction.OnBuild(origin, i.trigger());
            case Instruction.Maintainer i -> new Instruction.Maintainer(origin, i.name());
        };
    }
}
