using System.Net;
using FitFlow.Data;
using FitFlow.Scheduling.Features.Calendars;
using FitFlow.Scheduling.Features.People;
using FitFlow.Scheduling.Features.Studios;
using FitFlow.Scheduling.Tests.ICalParser;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Builder;

namespace FitFlow.Scheduling.Tests.Calendars;

/// Calendars of a Scheduling in the test's own process, whose Identity can be taken away.
public sealed class WithoutIdentityTests(RunningSystem system) : IAsyncLifetime
{
    private CuttableProxy _identity = null!;
    private WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        _identity = CuttableProxy.To("127.0.0.1", system.Service("identity").Port);
        var database = $"{Servers.MySql};Database=schedulingdb";
        _app = await PlayedScheduling.Start(
            system,
            builder =>
            {
                builder.Configure(
                    ("services:identity:http:0", $"http://{_identity.Address}"), ("ConnectionStrings:schedulingdb", database), ("ConnectionStrings:schedulingdb-across", database),
                    ("Web:Address", "https://fitflow.example.org/"));
                builder.AddStudios();
                builder.AddPeople();
                builder.AddCalendars();
            },
            app => app.MapGroup("/api/v1").MapCalendars(),
            builder => builder.AddData("schedulingdb"));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _identity.DisposeAsync();
    }

    [Fact]
    public async Task TheCalendarIsThereAndTheNamesAreNot()
    {
        var studio = await system.GivenStudio();
        var (trainer, client, stranger) = (await studio.GivenTrainerAtWork(), await studio.GivenClient(), await studio.GivenClient());
        var at = SchedulingStory.At(days: 3, hour: 10);
        var id = (await studio.GivenBooking(await studio.GivenSessionType(), trainer, client, at)).Id();
        using var http = studio.Http(trainer);
        http.BaseAddress = new Uri(_app.Urls.Single());
        var feed = await http.PostAsync("/api/v1/me/calendar/feed", content: null).Created();
        Assert.StartsWith("https://fitflow.example.org/api/v1/calendar/feeds/", feed.Text("url"), StringComparison.Ordinal);
        var path = new Uri(feed.Text("url")).AbsolutePath;

        // Somebody of whom nobody has asked yet.
        await system.Database("schedulingdb").Write("UPDATE bookings_rows SET owner_id = @stranger WHERE id = @id", ("stranger", stranger.Id), ("id", id));
        _identity.Cut();

        var date = NodaTime.Instant.FromDateTimeOffset(at).InZone(NodaTime.DateTimeZoneProviders.Tzdb["America/Toronto"]).Date.ToString("uuuu-MM-dd", null);
        var entry = (await http.GetAsync($"/api/v1/calendar?view=day&date={date}").Ok()).GetProperty("entries")[0];
        Assert.Equal((stranger.Id, null), (entry.Id("client_id"), entry.GetProperty("client_name").GetString()));
        Assert.Null((await http.GetAsync("/api/v1/me/calendar").Ok()).GetProperty("entries")[0].GetProperty("with").GetString());
        using var anonymous = new HttpClient { BaseAddress = http.BaseAddress };
        using var calendar = await anonymous.GetAsync(path);
        calendar.ShouldBe(HttpStatusCode.OK);
        Assert.Equal(("Personal training", at), (await Parser.Read(await calendar.Content.ReadAsStringAsync())).Occurrences.Select(one => (one.Summary, one.Start)).Single());
    }
}
