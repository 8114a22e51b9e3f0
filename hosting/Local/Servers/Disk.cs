namespace FitFlow.Hosting.Local.Servers;

internal static class Disk
{
    private const long Enough = 64 << 20;

    /// <summary>A server on a full disk answers questions and refuses or delays every write: worth a line of its own.</summary>
    public static string? Complaint(string folder)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        return free >= Enough ? null : $"the disk of {folder} is full ({free >> 20} MB left)";
    }
}
