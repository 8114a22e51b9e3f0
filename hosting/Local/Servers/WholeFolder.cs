namespace FitFlow.Hosting.Local.Servers;

/// <summary>A folder that is there entirely or not at all: filled under another name, renamed as the last step.</summary>
internal static class WholeFolder
{
    /// <summary>The caller sees to it that nobody else makes the same folder at the same time.</summary>
    public static async Task Make(string folder, Func<string, Task> fill)
    {
        var parent = Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        foreach (var leftover in parent.GetDirectories($"{Path.GetFileName(folder)}.part-*")) leftover.Delete(recursive: true);

        var part = Directory.CreateDirectory($"{folder}.part-{Environment.ProcessId}").FullName;
        try
        {
            await fill(part);
            Directory.Move(part, folder);
        }
        catch
        {
            // Most often the disk is full: what helps nobody must not fill it.
            Directory.Delete(part, recursive: true);
            throw;
        }
    }
}
