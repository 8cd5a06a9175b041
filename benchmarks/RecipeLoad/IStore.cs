namespace Coord.RecipeLoad;

/// <summary>The clients of a process, and what they call.</summary>
internal interface IStore : IAsyncDisposable
{
    /// <summary>Connects a client.</summary>
    /// <param name="number">Of the client, among those of its process.</param>
    /// <returns>The call that its callers repeat.</returns>
    Task<Func<CancellationToken, ValueTask>> ConnectAsync(int number);
}
