package org.layerbook.engine.sandbox;

/** Whether a process may have the user a spec asks for. */
final class Identities {
    private Identities() {}

    static void check(ProcessSpec.Identity user, Privileges privileges) throws SandboxException {
        if (!privileges.uids().contains(user.uid())) {
            throw new SandboxException(
                    "the process should run as user " + user.uid() + ", but " + outside(privileges.uids(), "user"));
        }
        if (!privileges.gids().contains(user.gid())) {
            throw new SandboxException(
                    "the process should run as group " + user.gid() + ", but " + outside(privileges.gids(), "group"));
        }
    }

    private static String outside(Privileges.IdMap map, String what) {
        if (map.count() == 1) {
            return "there is only one " + what + " id here: install newuidmap (package uidmap) and give yourself"
                    + " subordinate ids in /etc/subuid and /etc/subgid, then restart";
        }
        return "only the " + what + " ids 0 to " + (map.count() - 1)
                + " exist here: widen your range in /etc/subuid and /etc/subgid, then restart";
    }
}
