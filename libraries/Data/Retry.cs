namespace FitFlow.Data;

internal static class Retry
{
    private const int Attempts = 6;

    /// <summary>Whoever lost a deadlock waits a little, each a different while, and tries again.</summary>
    public static async Task<T> OnLockConflict<T>(Func<Task<T>> work, TimeProvider clock, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (LockConflict) when (attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 20 << attempt)), clock, ct);
            }
            catch (LockConflict e)
            {
                throw new ServiceDefaults.DependencyDownException("mysql", e);
            }
        }
    }
}
