namespace FitFlow.Hosting.Local.Servers;

/// <summary>
/// The browser that tests open pages with: FITFLOW_CHROMIUM if that is set, the one on PATH, or the distribution's, unpacked. No server and not
/// part of a run: nobody waits for it who does not ask.
/// </summary>
internal static class Chromium
{
    // Nothing here depends on where the folder is: it may be moved, or mounted elsewhere.
    private const string Launcher = """
        #!/bin/sh
        here=$(CDPATH= cd -- "${0%/*}" && pwd)
        for folder in "$here"/usr/lib/*-linux-gnu* "$here"/lib/*-linux-gnu*; do
          LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$folder:$folder/pulseaudio"
        done
        export LD_LIBRARY_PATH FONTCONFIG_PATH="$here" FONTCONFIG_FILE="$here/fonts.conf"
        exec "$here/usr/lib/chromium/chromium" "$@"

        """;

    // The fonts that were unpacked beside it and no others: a page looks the same on every machine.
    private const string Fonts = """
        <?xml version="1.0"?>
        <!DOCTYPE fontconfig SYSTEM "fonts.dtd">
        <fontconfig>
          <dir prefix="relative">usr/share/fonts</dir>
          <cachedir prefix="xdg">fontconfig</cachedir>
          <include>usr/share/fontconfig/conf.avail/30-metric-aliases.conf</include>
          <include>usr/share/fontconfig/conf.avail/45-latin.conf</include>
          <include>usr/share/fontconfig/conf.avail/60-latin.conf</include>
        </fontconfig>

        """;

    public static async Task<string> Find(ServerStore store, CancellationToken ct)
    {
        if (Environment.GetEnvironmentVariable("FITFLOW_CHROMIUM") is { Length: > 0 } chosen)
            return File.Exists(chosen) ? chosen : throw new LocalHostingException($"FITFLOW_CHROMIUM is {chosen}, and there is no such file");
        if (store.OnPath("chromium") is { } installed) return installed;

        var unpacked = await store.Unpack(PackageSet.Chromium, ct);
        unpacked.Program("chromium");
        Put(unpacked.At("fonts.conf"), Fonts, UnixFileMode.None);
        return Put(unpacked.At("chromium"), Launcher, UnixFileMode.UserExecute);
    }

    /// <summary>Renamed into place: somebody else may be starting it right now.</summary>
    private static string Put(string file, string text, UnixFileMode besides)
    {
        if (File.Exists(file) && File.ReadAllText(file) == text) return file;

        var part = $"{file}.part-{Environment.ProcessId}";
        File.WriteAllText(part, text);
        File.SetUnixFileMode(part, UnixFileMode.UserRead | UnixFileMode.UserWrite | besides);
        File.Move(part, file, overwrite: true);
        return file;
    }
}
