using Coord.Differential.Captured;
using Coord.Differential.Runs;

// Arguments of this program begin with "run" or are "record"; all others belong to the test runner.
return args switch
{
    ["run", ..] => RunCommand.Execute(args[1..], Console.Out),
    ["record"] => RecordCommand.Execute(Console.Out),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
