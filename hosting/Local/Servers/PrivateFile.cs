using System.Security.Cryptography;
using System.Text;

namespace FitFlow.Hosting.Local.Servers;

/// <summary>Files of ours that only their owner may read, and that are never there half written.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Write(string path, string text, bool executable = false) =>
        AtomicFile.Write(path, text, executable ? OwnerOnly | UnixFileMode.UserExecute : OwnerOnly);

    public static string Folder(params string[] path) =>
        Directory.CreateDirectory(Path.Combine(path), OwnerOnly | UnixFileMode.UserExecute).FullName;

    /// <summary>
    /// Data that was made with one password does not open with another. A server would refuse every client for ever:
    /// the mark that the first start leaves turns that into one line before the start.
    /// </summary>
    public static void CheckPassword(ServerSettings settings, string data)
    {
        var mark = $"{data}.password";
        if (Directory.Exists(data) && File.Exists(mark))
        {
            var parts = File.ReadAllText(mark).Trim().Split(':');
            if (parts.Length == 2 && MarkOf(settings.Password, parts[0]) == parts[1]) return;
            throw new LocalHostingException(
                $"the data in {data} was made with another password than the one given now: put the old one back, or remove {settings.DataDirectory} to start empty");
        }
        var salt = RandomNumberGenerator.GetHexString(32);
        Write(mark, $"{salt}:{MarkOf(settings.Password, salt)}\n");
    }

    private static string MarkOf(string password, string salt) =>
        Convert.ToHexString(Rfc2898DeriveBytes.Pbkdf2(password, Encoding.UTF8.GetBytes(salt), 100_000, HashAlgorithmName.SHA256, 32));
}
