using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FitFlow.ServiceDefaults;

namespace FitFlow.Scheduling.Tests.Races;

/// People who book, cancel and enrol without a pause. Whoever is not answered, or only with an error of the house, asks again under the same key
/// until they know.
internal sealed class Crowd : IAsyncDisposable
{
    private const int Hours = 60;

    private readonly CancellationTokenSource _home = new();
    private readonly Studio _studio;
    private readonly IReadOnlyList<Person> _trainers;
    private readonly Guid _type;
    private readonly Guid _class;
    private readonly Task[] _people;
    private long _keys;

    public Crowd(Studio studio, IReadOnlyList<Person> clients, IReadOnlyList<Person> trainers, Guid type, Guid @class)
    {
        (_studio, _trainers, _type, _class) = (studio, trainers, type, @class);
        _people = [.. clients.Select((client, i) => Task.Run(() => Come(client, i)))];
    }

    /// What was promised to somebody, by its id.
    public ConcurrentDictionary<Guid, bool> Booked { get; } = new();

    public ConcurrentDictionary<Guid, bool> Cancelled { get; } = new();

    /// Who has a seat or a place in the line by what they were told last.
    public ConcurrentDictionary<Guid, bool> InClass { get; } = new();

    /// What nobody should be answered.
    public ConcurrentBag<string> Unclear { get; } = [];

    /// How often somebody had to ask again.
    public int Again => _again;

    private int _again;

    public Task HasBooked(int sessions) => Eventually.Holds(() => Booked.Count >= sessions, $"{sessions} sessions are booked");

    public async Task GoHome()
    {
        await _home.CancelAsync();
        await Task.WhenAll(_people);
    }

    public async ValueTask DisposeAsync()
    {
        await GoHome();
        _home.Dispose();
    }

    private async Task Come(Person client, int number)
    {
        using var http = _studio.Http(client);
        var chance = new Random(number);
        while (!_home.IsCancellationRequested)
        {
            var request = new { session_type_id = _type, trainer_id = _trainers[chance.Next(_trainers.Count)].Id, starts_at = SchedulingStory.At(days: 3 + chance.Next(Hours / 12), hour: 8 + chance.Next(12)) };
            var (status, answer) = await Ask(http, "/api/v1/bookings", request);
            if (status == HttpStatusCode.Created)
            {
                var id = answer.Id();
                Booked[id] = true;
                if (chance.Next(3) > 0 && (await Ask(http, $"/api/v1/bookings/{id}/cancel", new { reason = "other" })).Status == HttpStatusCode.OK) Cancelled[id] = true;
            }

            if (chance.Next(2) == 0)
            {
                if ((await Ask(http, $"/api/v1/classes/{_class}/enrol", new { })).Status == HttpStatusCode.Created) InClass[client.Id] = true;
            }
            else if ((await Ask(http, $"/api/v1/classes/{_class}/cancel-enrolment", new { })).Status == HttpStatusCode.OK)
            {
                InClass.TryRemove(client.Id, out _);
            }
        }
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> Ask(HttpClient http, string path, object body)
    {
        var key = $"crowd-{Interlocked.Increment(ref _keys)}";
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, options: Json.Options) };
                request.Headers.Add("Idempotency-Key", key);
                using var answer = await http.SendAsync(request);
                var isTheHouses = answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
                var said = isTheHouses ? default : await answer.Read();
                var isUnderWay = answer.StatusCode == HttpStatusCode.Conflict && said.Text("code") == "idempotency.in_flight";
                if (!isTheHouses && !isUnderWay)
                {
                    if (answer.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.OK or HttpStatusCode.Conflict or HttpStatusCode.NotFound))
                        Unclear.Add($"{path} {(int)answer.StatusCode} {said}");
                    return (answer.StatusCode, said);
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
            {
                // The connection broke with the process: whether it was done, the same key will tell.
            }

            Interlocked.Increment(ref _again);
            await Task.Delay(100);
        }
    }
}
