using Coord.Node.Hosting;

SocketThreads.Choose();
try
{
    var parsed = CommandLine.Create(NodeHost.RunAsync, FoundAnew.Run).Parse(args);
    if (parsed.Errors.Count > 0)
        throw new SettingsException($"command line: {parsed.Errors[0].Message.TrimEnd('.')}; see --help");
    return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (SettingsException wrong)
{
    Console.Error.WriteLine($"coord: {wrong.Message}");
    return ExitCodes.WrongSettings;
}
catch (Exception failure)
{
    NodeFailure.Stop("node", failure);
    throw;
}
