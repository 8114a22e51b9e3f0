using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace FitFlow.Hosting.Local.Servers;

/// <summary>
/// The little of MySQL's client protocol that it takes to log in and run a statement, so that the hosting needs no driver.
/// TLS whenever the server offers it: caching_sha2_password sends the password itself to who is not in its cache.
/// </summary>
internal sealed class MySqlConversation : IAsyncDisposable
{
    private const uint LongPassword = 0x1, Protocol41 = 0x200, Tls = 0x800, Transactions = 0x2000, SecureConnection = 0x8000, PluginAuth = 0x80000;
    private const byte Ok = 0x00, MoreData = 0x01, EndOrSwitch = 0xfe, Error = 0xff, Utf8Mb4 = 45;
    private readonly TcpClient _connection = new();
    private Stream _stream = Stream.Null;
    private byte _sequence;

    public static async Task<MySqlConversation> Begin(int port, string user, string password, CancellationToken ct)
    {
        var conversation = new MySqlConversation();
        try
        {
            await conversation._connection.ConnectAsync("127.0.0.1", port, ct);
            conversation._stream = conversation._connection.GetStream();
            await conversation.LogIn(user, password, ct);
            return conversation;
        }
        catch
        {
            await conversation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a statement and reads its answer to the end.</summary>
    public async Task Execute(string sql, CancellationToken ct)
    {
        _sequence = 0;
        await Send([0x03, .. Encoding.UTF8.GetBytes(sql)], ct);
        if ((await Receive(ct))[0] == Ok) return;

        // A result: its columns, then its rows, each closed by an end packet.
        for (var ends = 0; ends < 2;)
        {
            if (await Receive(ct) is [EndOrSwitch, ..] and { Length: < 9 }) ends++;
        }
    }

    private async Task LogIn(string user, string password, CancellationToken ct)
    {
        var (capabilities, nonce, plugin) = ReadGreeting(await Receive(ct));
        var wanted = LongPassword | Protocol41 | Transactions | SecureConnection | PluginAuth | (capabilities & Tls);
        var head = new byte[32];
        BinaryPrimitives.WriteUInt32LittleEndian(head, wanted);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), 1 << 24);
        head[8] = Utf8Mb4;
        if ((capabilities & Tls) != 0)
        {
            await Send(head, ct);
            // The server made its certificate itself, and the other end is this machine.
            var tls = new SslStream(_stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
            _stream = tls;
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, ct);
        }

        var proof = Proof(plugin, password, nonce);
        await Send([.. head, .. Encoding.UTF8.GetBytes(user), 0, (byte)proof.Length, .. proof, .. Encoding.ASCII.GetBytes(plugin), 0], ct);
        while (await Receive(ct) is { } answer && answer[0] != Ok)
        {
            switch (answer)
            {
                case [EndOrSwitch, .. var other]:
                    var name = ReadText(other, 0);
                    plugin = name;
                    nonce = other[(name.Length + 1)..].AsSpan().TrimEnd((byte)0).ToArray();
                    await Send(Proof(plugin, password, nonce), ct);
                    break;
                case [MoreData, 3]:
                    break;
                case [MoreData, 4] when _stream is SslStream:
                    await Send([.. Encoding.UTF8.GetBytes(password), 0], ct);
                    break;
                default:
                    throw new IOException($"MySQL wants {plugin} without TLS");
            }
        }
    }

    private static (uint Capabilities, byte[] Nonce, string Plugin) ReadGreeting(byte[] greeting)
    {
        // protocol, version, connection, nonce (8), filler, capabilities low, charset, status, capabilities high, nonce length, reserved (10), rest of the nonce, plugin
        var at = 1 + ReadText(greeting, 1).Length + 1 + 4;
        var capabilities = BinaryPrimitives.ReadUInt16LittleEndian(greeting.AsSpan(at + 9)) | ((uint)BinaryPrimitives.ReadUInt16LittleEndian(greeting.AsSpan(at + 14)) << 16);
        var rest = Math.Max(13, greeting[at + 16] - 8);
        byte[] nonce = [.. greeting.AsSpan(at, 8), .. greeting.AsSpan(at + 27, rest).TrimEnd((byte)0)];
        return (capabilities, nonce, ReadText(greeting, at + 27 + rest));
    }

    private static byte[] Proof(string plugin, string password, byte[] nonce)
    {
        var secret = Encoding.UTF8.GetBytes(password);
        if (secret.Length == 0) return [];
        switch (plugin)
        {
            case "mysql_native_password":
                var once = SHA1.HashData(secret);
                return Xor(once, SHA1.HashData([.. nonce, .. SHA1.HashData(once)]));
            case "caching_sha2_password":
                var first = SHA256.HashData(secret);
                return Xor(first, SHA256.HashData([.. SHA256.HashData(first), .. nonce]));
            default:
                throw new IOException($"MySQL wants {plugin}, which is not spoken here");
        }
    }

    private static byte[] Xor(byte[] one, byte[] other) => [.. one.Zip(other, (a, b) => (byte)(a ^ b))];

    private static string ReadText(byte[] packet, int start)
    {
        var end = Array.IndexOf(packet, (byte)0, start);
        return Encoding.UTF8.GetString(packet, start, (end < 0 ? packet.Length : end) - start);
    }

    private async Task Send(byte[] payload, CancellationToken ct)
    {
        var length = payload.Length;
        await _stream.WriteAsync((byte[])[(byte)length, (byte)(length >> 8), (byte)(length >> 16), _sequence++, .. payload], ct);
        await _stream.FlushAsync(ct);
    }

    private async Task<byte[]> Receive(CancellationToken ct)
    {
        var head = new byte[4];
        await _stream.ReadExactlyAsync(head, ct);
        var payload = new byte[head[0] | (head[1] << 8) | (head[2] << 16)];
        await _stream.ReadExactlyAsync(payload, ct);
        _sequence = (byte)(head[3] + 1);
        if (payload.Length == 0) throw new IOException("MySQL answered with an empty packet");
        return payload[0] == Error ? throw MySqlRefusal.Read(payload) : payload;
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _connection.Dispose();
    }
}

/// <summary>The server's own error: its number and words.</summary>
internal sealed class MySqlRefusal(int number, string message) : Exception(message)
{
    public int Number => number;

    public static MySqlRefusal Read(byte[] packet)
    {
        var text = packet.AsSpan(3);
        // "#" and five characters of SQL state come first once the protocol is agreed on.
        if (text.Length > 6 && text[0] == '#') text = text[6..];
        return new MySqlRefusal(BinaryPrimitives.ReadUInt16LittleEndian(packet.AsSpan(1)), Encoding.UTF8.GetString(text));
    }
}
