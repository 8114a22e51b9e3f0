using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using FitFlow.ServiceDefaults;
using FitFlow.Testing;

namespace FitFlow.Bench.Scheduling;

/// <summary>
/// A studio of 20 trainers and 2,000 clients with a year of sessions, alone and then among 200: the whole system runs, every span is recorded and sent,
/// and the callers share the machine with it.
/// </summary>
internal static class SchedulingScenario
{
    private const int Trainers = 20, Clients = 2_000, Studios = 200, Callers = 12, BookingsPerSecond = 150;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5), During = TimeSpan.FromSeconds(10);

    private sealed record Reads(Took Slots, Took SlotsFlood, Took Any, Took Day);

    private sealed record Writes(Took Bookings, Took Steady, Took Straight, double GatewayCpu, double SchedulingCpu);

    public static async Task<IReadOnlyList<Figure>> Run(Action<string> progress, CancellationToken ct)
    {
        progress("the whole system, with telemetry");
        await using var sink = await TelemetrySink.Start(ct);
        await using var own = await OwnSystem.Start(ct, ("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", sink.Address));
        var system = RunningSystem.Of(own);
        var server = own.Environment["ConnectionStrings__mysql"];

        progress($"a studio of {Trainers} trainers and {Clients} clients with a year of sessions");
        var studio = await BenchStudio.Make(system, server, Trainers, Clients, ct);
        using var http = Client(system, studio);
        await Load.AsManyAsGo(Callers, Warm, caller => Week(http, studio, caller, ct));

        progress("reading: alone");
        var alone = await Read(http, studio, ct);
        progress("booking: alone");
        var hours = (Through: await Hours.Make(server, studio, Trainers, ct), Straight: await Hours.Make(server, studio, Trainers, ct));
        await Book(system, server, studio, hours, Warm, ct);
        var written = await Book(system, server, studio, hours, During, ct);

        progress($"{Studios - 1} more studios");
        await BenchStudio.MakeOthers(server, Studios - 1, ct);
        await Load.AsManyAsGo(Callers, Warm, caller => Week(http, studio, caller, ct));
        progress($"the same among {Studios}");
        var among = await Read(http, studio, ct);
        var writtenAmong = await Book(system, server, studio, hours, During, ct);

        return
        [
            Figure.AtLeast(800, "slots of a trainer's week through the gateway", alone.SlotsFlood.PerSecond, "requests/s"),
            Figure.Below(25, "slots of a trainer's week at 400/s, p95", alone.Slots.P95, "ms"),
            Figure.Told("slots of a trainer's week at 400/s, median", alone.Slots.Median, "ms"),
            Figure.Below(60, "slots of any trainer in a week at 50/s, p95", alone.Any.P95, "ms"),
            Figure.Below(25, "calendar of a studio's day at 50/s, p95", alone.Day.P95, "ms"),
            Figure.Told("calendar of a studio's day at 50/s, median", alone.Day.Median, "ms"),
            Figure.AtLeast(150, $"bookings through the gateway, {Callers} callers, each with a key", written.Bookings.PerSecond, "bookings/s"),
            Figure.Below(80, $"booking at {BookingsPerSecond}/s, p95", written.Steady.P95, "ms"),
            Figure.Told($"booking at {BookingsPerSecond}/s, median", written.Steady.Median, "ms"),
            Figure.Told($"the same SQL straight on MySQL, {Callers} connections", written.Straight.PerSecond, "bookings/s"),
            Figure.AtLeast(0.35, "bookings through everything / straight", written.Bookings.PerSecond / written.Straight.PerSecond, ""),
            Figure.Told("CPU of the gateway for each booking", written.GatewayCpu, "ms"),
            Figure.Told("CPU of Scheduling for each booking", written.SchedulingCpu, "ms"),
            Figure.Told($"slots of a week, median, {Studios} studios / 1", among.Slots.Median / alone.Slots.Median, ""),
            Figure.Told($"slots of any trainer, median, {Studios} studios / 1", among.Any.Median / alone.Any.Median, ""),
            Figure.Told($"calendar of a day, median, {Studios} studios / 1", among.Day.Median / alone.Day.Median, ""),
            Figure.Told($"bookings/s, {Studios} studios / 1", writtenAmong.Bookings.PerSecond / written.Bookings.PerSecond, ""),
            Figure.Told($"bookings straight, {Studios} studios / 1", writtenAmong.Straight.PerSecond / written.Straight.PerSecond, ""),
        ];
    }

    private static async Task<Reads> Read(HttpClient http, BenchStudio studio, CancellationToken ct)
    {
        var flood = await Load.AsManyAsGo(Callers, During, caller => Week(http, studio, caller, ct));
        var slots = await Load.AtRate(400, During, number => Week(http, studio, number, ct), ct);
        var any = await Load.AtRate(50, During, number => Get(http, $"/api/v1/availability?session_type={studio.SessionType}&trainer=any&from={Date(number % 60)}&to={Date((number % 60) + 6)}", ct), ct);
        var day = await Load.AtRate(50, During, number => Get(http, $"/api/v1/calendar?view=day&date={Date(number % 90)}", ct), ct);
        return new Reads(slots, flood, any, day);
    }

    /// <summary>First through everything, then straight: never both at once.</summary>
    private static async Task<Writes> Book(
        RunningSystem system, string server, BenchStudio studio, (Hours Through, Hours Straight) hours, TimeSpan during, CancellationToken ct)
    {
        using var owner = Client(system, studio);
        var (gateway, scheduling) = (Footprint.Of("FitFlow.Gateway", system.Gateway), Footprint.Of("FitFlow.Scheduling", system.Service("scheduling")));
        var (gatewayBefore, schedulingBefore) = (gateway.CpuMilliseconds, scheduling.CpuMilliseconds);
        var bookings = await Load.AsManyAsGo(Callers, during, _ => Once());
        var (gatewayCpu, schedulingCpu) = (gateway.CpuMilliseconds - gatewayBefore, scheduling.CpuMilliseconds - schedulingBefore);

        var steady = await Load.AtRate(BookingsPerSecond, during, _ => Once(), ct);

        // One after the other: the driver keeps dictionaries without a lock while it opens.
        var connections = new List<StraightSql>();
        while (connections.Count < Callers) connections.Add(await StraightSql.Connect(server, studio, ct));
        var straight = await Load.AsManyAsGo(Callers, during, caller =>
        {
            var (trainer, client, at, _) = hours.Straight.Next();
            return connections[caller].Book(trainer, client, at);
        });
        foreach (var connection in connections) await connection.DisposeAsync();
        return new Writes(bookings, steady, straight, gatewayCpu / bookings.Sorted.Length, schedulingCpu / bookings.Sorted.Length);

        async Task Once()
        {
            var (trainer, client, at, number) = hours.Through.Next();
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/bookings")
            {
                Content = JsonContent.Create(new { session_type_id = studio.SessionType, trainer_id = trainer, client_id = client, starts_at = at }, options: Json.Options),
            };
            request.Headers.Add("Idempotency-Key", $"bench-{number}");
            using var answer = await owner.SendAsync(request, ct);
            if (answer.StatusCode != HttpStatusCode.Created) throw new InvalidOperationException($"Booking answers {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
        }
    }

    private static Task Week(HttpClient http, BenchStudio studio, int number, CancellationToken ct)
    {
        var (trainer, week) = (studio.Trainers[Random.Shared.Next(studio.Trainers.Count)], (number + Random.Shared.Next(8)) % 8 * 7);
        return Get(http, $"/api/v1/availability?session_type={studio.SessionType}&trainer={trainer.Id}&from={Date(week)}&to={Date(week + 6)}", ct);
    }

    private static string Date(int days) => TimeProvider.System.GetUtcNow().AddDays(1 + days).ToString("yyyy-MM-dd", null);

    private static async Task Get(HttpClient http, string path, CancellationToken ct)
    {
        using var answer = await http.GetAsync(path, ct);
        if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"{path} answers {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
    }

    private static HttpClient Client(RunningSystem system, BenchStudio studio)
    {
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256, UseProxy = false }) { BaseAddress = system.Gateway };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", studio.Studio.Owner.Token);
        http.DefaultRequestHeaders.Add("X-Studio-Id", studio.Studio.Id.ToString());
        return http;
    }

    /// <summary>Hours of trainers who have nothing to do yet, one after the other, each once. Clients take turns, and are not at two places.</summary>
    private sealed class Hours(IReadOnlyList<Person> trainers, IReadOnlyList<Person> clients)
    {
        private readonly DateTimeOffset _from = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(2), TimeSpan.Zero);
        private int _taken;

        public static async Task<Hours> Make(string server, BenchStudio studio, int trainers, CancellationToken ct)
        {
            var free = await studio.Studio.GivenTrainers(trainers);
            await studio.Work(server, free, "00:00:00", "00:00:00", ct);
            return new Hours(free, await studio.Studio.GivenClients(1_000));
        }

        public (Guid Trainer, Guid Client, DateTimeOffset At, int Number) Next()
        {
            var number = Interlocked.Increment(ref _taken);
            return (trainers[number % trainers.Count].Id, clients[number % clients.Count].Id, _from.AddHours(number / trainers.Count), number);
        }
    }
}
