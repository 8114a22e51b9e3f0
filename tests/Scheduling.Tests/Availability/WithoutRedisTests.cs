using System.Net;
using System.Net.Sockets;
using System.Text;
using static FitFlow.Scheduling.Tests.Availability.AvailabilityStory;

namespace FitFlow.Scheduling.Tests.Availability;

[Trait("speed", "slow")]
public sealed class WithoutRedisTests
{
    [Fact]
    public async Task HoursAreSaidAndSlotsFoundAndBookedAllTheSame()
    {
        await using var own = await OwnSystem.Start();
        var system = RunningSystem.Of(own);
        var studio = await system.GivenStudio();
        var (trainer, client) = (await studio.GivenTrainer(), await studio.GivenClient());
        var type = await studio.GivenSessionType();
        await studio.GivenHours(trainer, EveryDay("09:00", "11:00"));
        Assert.Equal(5, (await studio.Slots(type, "any", Monday)).Count);

        using var redis = await Paused.For(own.Environment["ConnectionStrings__redis"], TimeSpan.FromMinutes(5));

        await studio.GivenHours(trainer, EveryDay("09:00", "12:00"));
        Assert.Equal(9, (await studio.Times(type, trainer, Monday)).Count);
        await studio.Book(type, trainer, client, Monday.At("10:00"));
        Assert.Equal(["09:00", "11:00"], await studio.Times(type, trainer, Monday));
    }

    /// As good as gone: it answers nobody until this is over.
    private sealed class Paused : IDisposable
    {
        private readonly TcpClient _connection;

        private Paused(TcpClient connection) => _connection = connection;

        public static async Task<Paused> For(string connectionString, TimeSpan time)
        {
            var (address, password) = connectionString.Split(",password=") is [var host, var rest] ? (new Uri($"redis://{host}"), rest.Split(',')[0]) : throw new FormatException(connectionString);
            var connection = new TcpClient(address.Host, address.Port);
            using var answers = new StreamReader(connection.GetStream(), leaveOpen: true);
            foreach (var command in (string[])[$"AUTH {password}", $"CLIENT PAUSE {time.TotalMilliseconds:F0} ALL"])
            {
                await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"{command}\r\n"));
                Assert.Equal("+OK", await answers.ReadLineAsync());
            }

            return new Paused(connection);
        }

        public void Dispose() => _connection.Dispose();
    }
}
