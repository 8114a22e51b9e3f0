using System.Text;

namespace FitFlow.Hosting.Local.Processes;

/// <summary>What a resource says, in a file that is followed and never grows without end: the run before is kept beside it.</summary>
internal sealed class LogFile : IDisposable
{
    private const long Limit = 16 * 1024 * 1024;
    private readonly string _file;
    private readonly Func<string, Stream> _open;
    private readonly Lock _gate = new();
    private Stream? _stream;
    private long _written;
    private int _lost;
    private bool _isClosed;

    public LogFile(string file, Func<string, Stream>? open = null)
    {
        (_file, _open) = (file, open ?? Open);
        try
        {
            Rotate();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first line tries again.
        }
    }

    public static string Before(string file) => Path.ChangeExtension(file, ".1.log");

    /// <summary>A full disk must not stop what runs: the line is lost, and the first that is written again says how many were.</summary>
    public void Write(string line)
    {
        lock (_gate)
        {
            if (_isClosed) return;
            try
            {
                if (_stream is null || _written > Limit) Rotate();
                var lost = _lost > 0 ? $"({_lost} lines could not be written here)\n" : "";
                var bytes = Encoding.UTF8.GetBytes($"{lost}{line}\n");
                _stream!.Write(bytes);
                _written += bytes.Length;
                _lost = 0;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _lost++;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _stream?.Dispose();
        }
    }

    private void Rotate()
    {
        _stream?.Dispose();
        _stream = null;
        if (File.Exists(_file)) File.Move(_file, Before(_file), overwrite: true);
        _stream = _open(_file);
        _written = 0;
    }

    // Without a buffer: what could not be written would be tried again, and fail again, when it is closed.
    private static FileStream Open(string file) => new(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
}
