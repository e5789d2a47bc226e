package org.layerbook.interpreter.command.container.create;

import org.layerbook.engine.container.state.HostOptions.RestartPolicy;
import org.layerbook.interpreter.command.container.ContainerCommands;
import org.layerbook.interpreter.command.spec.CommandException;

/** {@code --restart}: {@code on-failure:3}. */
public final class RestartArgument {
    private RestartArgument() {}

    /** @param prefix of messages, {@code "docker: "}; @param exitStatus with which they end the command */
    public static RestartPolicy parse(String text, String prefix, int exitStatus) throws CommandException {
        int colon = text.indexOf(':');
        String word = colon < 0 ? text : text.substring(0, colon);
        int most = 0;
        if (colon >= 0) {
            try {
                most = Integer.parseInt(text.substring(colon + 1));
            } catch (NumberFormatException e) {
                throw new CommandException(
                        prefix + "invalid restart policy format: maximum retry count must be an integer", exitStatus);
            }
        }
        for (RestartPolicy.When when : RestartPolicy.When.values()) {
            if (when.text().equals(word)) {
                if (most > 0 && when != RestartPolicy.When.ON_FAILURE) {
                    throw new CommandException(
                            prefix + ContainerCommands.DAEMON
                                    + "invalid restart policy: maximum retry count can only be used with 'on-failure'",
                            exitStatus);
                }
                return new RestartPolicy(when, most);
            }
        }
        throw new CommandException(
                prefix + ContainerCommands.DAEMON + "invalid restart policy: unknown policy '" + word
                        + "'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'",
                exitStatus);
    }
}
