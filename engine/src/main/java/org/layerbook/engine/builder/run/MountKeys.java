package org.layerbook.engine.builder.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.layerbook.engine.builder.copy.ContextSnapshots;
import org.layerbook.engine.builder.plan.Step;
import org.layerbook.engine.builder.step.StepContext;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.dockerfile.RunMount;
import org.layerbook.engine.oci.Digest;

/**
 * What the mounts of a RUN contribute to its cache key: what they show, where and how, as BuildKit's cache map has it. Of
 * secrets, agents and caches never the content; which cache it is counts only where nothing but the target names it.
 */
final class MountKeys {
    private final Step.Run step;
    private final ContextSnapshots contexts;
    private final StepContext context;
    private final StringBuilder text = new StringBuilder();
    private int sshMounts;

    private MountKeys(Step.Run step, ContextSnapshots contexts, StepContext context) {
        this.step = step;
        this.contexts = contexts;
        this.context = context;
    }

    static String of(Step.Run step, ContextSnapshots contexts, StepContext context)
            throws IOException, StepFailedException {
        return new MountKeys(step, contexts, context).text();
    }

    private String text() throws IOException, StepFailedException {
        for (RunMount mount : step.mounts()) {
            switch (mount) {
                case RunMount.Bind bind -> bind(bind);
                case RunMount.Cache cache -> cache(cache);
                case RunMount.Tmpfs tmpfs -> tmpfs(tmpfs);
                case RunMount.Secret secret -> secret(secret);
                case RunMount.Ssh ssh -> ssh(ssh);
            }
            text.append('\n');
        }
        step.script()
                .ifPresent(script -> text.append("script ")
                        .append(script.name())
                        .append(' ')
                        .append(Digest.sha256(script.content().getBytes(StandardCharsets.UTF_8))));
        step.missingDevices()
                .forEach(device -> text.append("device ").append(device).append('\n'));
        return text.toString();
    }

    private void bind(RunMount.Bind bind) throws IOException, StepFailedException {
        ContextSnapshots.Found found = contexts.find(bind.from(), bind.source(), context);
        text.append("bind ").append(target(bind.target())).append(bind.readOnly() ? " ro " : " rw ");
        text.append(contexts.key(found, context));
    }

    private void cache(RunMount.Cache cache) throws IOException, StepFailedException {
        String target = target(cache.target());
        text.append("cache ").append(target).append(cache.readOnly() ? " ro" : " rw");
        String id = CacheMounts.id(cache, context.settings());
        if (cache.sharing() == RunMount.Sharing.SHARED && isOfTarget(id, target)) {
            text.append(" id ").append(id);
        }
        if (cache.from().isPresent()) {
            ContextSnapshots.Found found = contexts.find(cache.from(), cache.source(), context);
            text.append(" from ").append(contexts.key(found, context));
        }
        if (cache.mode().isPresent() || cache.uid().isPresent() || cache.gid().isPresent()) {
            attributes(cache.uid(), cache.gid(), cache.mode().orElse(CacheMounts.DEFAULT_MODE));
        }
    }

    /** Whether an id with its namespace before it says no more than the target. */
    private static boolean isOfTarget(String id, String target) {
        return id.equals(target) || id.substring(id.indexOf('/') + 1).equals(target);
    }

    private void tmpfs(RunMount.Tmpfs tmpfs) throws StepFailedException {
        text.append("tmpfs ").append(target(tmpfs.target())).append(tmpfs.readOnly() ? " ro" : "");
        tmpfs.size().ifPresent(size -> text.append(" size ").append(size));
    }

    private void secret(RunMount.Secret secret) throws StepFailedException {
        text.append("secret ").append(secret.id()).append(secret.required() ? " required" : "");
        secret.environment().ifPresent(name -> text.append(" env ").append(name));
        if (secret.environment().isEmpty() || secret.target().isPresent()) {
            text.append(" at ").append(target(RunMounts.secretTarget(secret)));
            attributes(secret.uid(), secret.gid(), secret.mode().orElse(RunMounts.SECRET_MODE));
        }
    }

    private void ssh(RunMount.Ssh ssh) throws StepFailedException {
        String target = ssh.target().orElse(RunMounts.AGENT + sshMounts++);
        text.append("ssh ").append(ssh.id()).append(ssh.required() ? " required" : "");
        text.append(" at ").append(target(target));
        attributes(ssh.uid(), ssh.gid(), ssh.mode().orElse(RunMounts.SOCKET_MODE));
    }

    private void attributes(Optional<Integer> uid, Optional<Integer> gid, int mode) {
        text.append(' ').append(uid.orElse(0)).append(':').append(gid.orElse(0));
        text.append(' ').append(Integer.toOctalString(mode));
    }

    private String target(String written) throws StepFailedException {
        return RunMounts.target(written, step);
    }
}
