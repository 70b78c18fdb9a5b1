package io.leprechaun.daemon.e2e;

/** A copy of this host that may be changed, and is forgotten afterwards. */
final class HostCopy {
    /**
     * Lines of a shell script in mounts of its own that lay the copy into {@code $root}, in {@code $folder/disk}, which
     * becomes the script's folder. The script ends with 77 where overlays are not permitted.
     */
    static final String SCRIPT = """
        mount --make-rprivate /
        mkdir "$folder/disk"
        mount -t tmpfs none "$folder/disk"
        cd "$folder/disk"
        mkdir upper work root
        root=$PWD/root
        mount -t overlay none -o lowerdir=/,upperdir=upper,workdir=work root || exit 77
        mount -t proc none root/proc
        mount -t tmpfs none root/dev
        mknod -m 666 root/dev/null c 1 3
        mknod -m 666 root/dev/urandom c 1 9
        """;

    private HostCopy() {}
}
