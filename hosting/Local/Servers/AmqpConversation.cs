using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace FitFlow.Hosting.Local.Servers;

/// <summary>AMQP 0-9-1 as far as an open connection: RabbitMQ listens before it can serve, and knows no password until then.</summary>
internal static class AmqpConversation
{
    private const ushort Connection = 10;
    private const ushort Start = 10, StartOk = 11, Tune = 30, TuneOk = 31, Open = 40, OpenOk = 41, Close = 50;

    /// <summary>Logs in, opens the virtual host and says goodbye; an exception tells what the server did not like.</summary>
    public static async Task OpenAndClose(int port, string user, string password, CancellationToken ct)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", port, ct);
        var stream = connection.GetStream();

        await stream.WriteAsync("AMQP\0\0\x9\x1"u8.ToArray(), ct);
        await Expect(stream, Start, ct);
        await Send(stream, StartOk, [.. Table(Capabilities), .. Short("PLAIN"), .. Long($"\0{user}\0{password}"), .. Short("en_US")], ct);
        var limits = await Expect(stream, Tune, ct);
        await Send(stream, TuneOk, limits, ct);
        await Send(stream, Open, [.. Short("/"), 0, 0], ct);
        await Expect(stream, OpenOk, ct);
        // Without a goodbye its log fills with warnings.
        await Send(stream, Close, [0, 200, 0, 0, 0, 0, 0], ct);
        await Expect(stream, Close + 1, ct);
    }

    /// <summary>Asks to be told why a login is refused: others are just hung up on.</summary>
    private static byte[] Capabilities =>
        [.. Short("capabilities"), (byte)'F', .. Table([.. Short("authentication_failure_close"), (byte)'t', 1])];

    private static byte[] Table(byte[] fields) => [.. UInt32((uint)fields.Length), .. fields];

    private static byte[] Short(string text) => [(byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Long(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. UInt32((uint)bytes.Length), .. bytes];
    }

    private static byte[] UInt16(ushort value) => [(byte)(value >> 8), (byte)value];

    private static byte[] UInt32(uint value) => [.. UInt16((ushort)(value >> 16)), .. UInt16((ushort)value)];

    private static async Task Send(Stream stream, ushort method, byte[] arguments, CancellationToken ct) =>
        await stream.WriteAsync((byte[])[1, 0, 0, .. UInt32((uint)arguments.Length + 4), .. UInt16(Connection), .. UInt16(method), .. arguments, 0xce], ct);

    private static async Task<byte[]> Expect(Stream stream, ushort method, CancellationToken ct)
    {
        var head = new byte[7];
        await stream.ReadExactlyAsync(head, ct);
        var size = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(3));
        // A server of another protocol, or of another version of this one, answers with what is no frame.
        if (head[0] is not 1 || size is < 4 or > 1 << 20) throw new IOException("what answers there is no RabbitMQ");

        var frame = new byte[size + 1];
        await stream.ReadExactlyAsync(frame, ct);
        var said = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(2));
        if (said == Close) throw new IOException(Encoding.UTF8.GetString(frame, 7, frame[6]));
        return said == method ? frame[4..^1] : throw new IOException($"it said {said} where {method} was due");
    }
}
