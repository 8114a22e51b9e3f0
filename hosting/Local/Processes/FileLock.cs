namespace FitFlow.Hosting.Local.Processes;

/// <summary>One process at a time, across processes. The kernel lets go of it when its holder dies, however it dies.</summary>
internal static class FileLock
{
    /// <summary>The kernel's EAGAIN.</summary>
    private const int HeldByAnother = 11;

    public static async Task<IDisposable> Take(string path, Action whenItTakesLong, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (TryTake(path) is { } held) return held;
            if (attempt == 10) whenItTakesLong();
            await Task.Delay(TimeSpan.FromMilliseconds(200), ct);
        }
    }

    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult == HeldByAnother)
        {
            return null;
        }
    }
}
