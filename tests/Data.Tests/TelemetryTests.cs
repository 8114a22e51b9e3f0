using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FitFlow.Data.Tests;

public sealed class TelemetryTests(TelemetryTests.Schema databases) : IClassFixture<TelemetryTests.Schema>
{
    private static readonly CancellationToken None = CancellationToken.None;

    public sealed class Schema() : Databases("CREATE TABLE letters (name VARCHAR(50) NOT NULL PRIMARY KEY);");

    [Theory, OnEveryEngine]
    public async Task AStatementIsASpanWithoutItsValues(Engine engine)
    {
        using var parent = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "FitFlow.Data",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.TraceId != parent.TraceId) return;
                lock (spans) spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var db = databases[engine].Db;
        await db.Global().Query<string>("SELECT name FROM letters WHERE name <> @Name", new { Name = "secret" }, None);
        await Assert.ThrowsAsync<UniqueViolation>(() => db.Global().InTransaction(async tx =>
        {
            await tx.Execute("INSERT INTO letters (name) VALUES (@Name)", new { Name = "secret" });
            await tx.Execute("INSERT INTO letters (name) VALUES (@Name)", new { Name = "secret" });
        }, None));

        Assert.Equal(["SELECT letters", "INSERT letters", "INSERT letters"], spans.Select(span => span.DisplayName));
        Assert.Equal("SELECT name FROM letters WHERE name <> @Name", spans[0].GetTagItem("db.statement"));
        Assert.Equal(databases[engine].Name, spans[0].GetTagItem("db.namespace"));
        Assert.Equal((0, ActivityStatusCode.Unset), (spans[0].GetTagItem("db.response.returned_rows"), spans[0].Status));
        Assert.Equal(("1062", ActivityStatusCode.Error), (spans[2].GetTagItem("error.type"), spans[2].Status));
        Assert.All(spans, span => Assert.DoesNotContain(span.TagObjects, tag => $"{tag.Value}".Contains("secret", StringComparison.Ordinal)));
    }

    [Theory, OnEveryEngine]
    public async Task DurationsAndThePoolsAreMeasured(Engine engine)
    {
        var database = databases[engine];
        var durations = 0;
        var used = new List<int>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "FitFlow.Data") listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "db.client.operation.duration" && Has(tags, database.Name)) Interlocked.Increment(ref durations);
        });
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "db.client.connection.used" && Has(tags, $"{database.Name}_service")) used.Add(value);
        });
        listener.Start();
        await database.Db.Global().InTransaction(async tx =>
        {
            await tx.Query<int>("SELECT 1");
            listener.RecordObservableInstruments();
        }, None);

        Assert.Equal(1, durations);
        Assert.Contains(1, used);

        static bool Has(ReadOnlySpan<KeyValuePair<string, object?>> tags, string value)
        {
            foreach (var tag in tags)
            {
                if (value.Equals(tag.Value)) return true;
            }

            return false;
        }
    }
}
