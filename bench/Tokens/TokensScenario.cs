using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace FitFlow.Bench.Tokens;

/// <summary>What a request pays for its token: the first time, and every time after that.</summary>
internal static class TokensScenario
{
    public static Task<IReadOnlyList<Figure>> Run(Action<string> progress, CancellationToken ct)
    {
        progress("24,000 tokens are signed; then each check is measured for some seconds");
        var artifacts = Directory.CreateTempSubdirectory("fitflow-bench-");
        try
        {
            var summary = BenchmarkRunner.Run<TokenChecks>(ManualConfig.CreateEmpty()
                .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(6).WithIterationCount(15))
                .AddDiagnoser(MemoryDiagnoser.Default)
                .AddLogger(NullLogger.Instance)
                .WithArtifactsPath(artifacts.FullName));
            var bare = Median(summary, nameof(TokenChecks.BareVerifyHash));
            var isNew = Median(summary, nameof(TokenChecks.New));
            var seen = Median(summary, nameof(TokenChecks.Seen));
            return Task.FromResult<IReadOnlyList<Figure>>(
            [
                Figure.Below(80, "token check, new", isNew, "µs"),
                Figure.Below(5, "token check, seen before", seen, "µs"),
                Figure.Told("ECDsa.VerifyHash alone", bare, "µs"),
                Figure.Told("share of ECDSA in a new token's check", 100 * bare / isNew, "%"),
                Figure.Below(1.3, "new / ECDsa.VerifyHash alone", isNew / bare, ""),
                Figure.Told("allocated for a new token", Allocated(summary, nameof(TokenChecks.New)), "B"),
                Figure.Told("allocated for a token seen before", Allocated(summary, nameof(TokenChecks.Seen)), "B"),
            ]);
        }
        finally
        {
            artifacts.Delete(recursive: true);
        }
    }

    private static BenchmarkReport Of(Summary summary, string method) =>
        summary.Reports.SingleOrDefault(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method && report.ResultStatistics is not null)
        ?? throw new InvalidOperationException($"{method} was not measured: {string.Join(" ", summary.ValidationErrors.Select(error => error.Message))}");

    private static double Median(Summary summary, string method) => Of(summary, method).ResultStatistics!.Median / 1_000;

    private static double Allocated(Summary summary, string method)
    {
        var report = Of(summary, method);
        return report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;
    }
}
