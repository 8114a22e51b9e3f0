// What another program makes of a calendar: each thing that takes place, by itself. The text on standard input, JSON on standard output.
import ICAL from 'ical.js'
import { readFileSync } from 'node:fs'

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, 'utf8')))
for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone)

const components = calendar.getAllSubcomponents('vevent')
const isInstead = (component) => component.hasProperty('recurrence-id')
const events = components.filter((component) => !isInstead(component)).map((component) => new ICAL.Event(component, {
  exceptions: components.filter((other) => isInstead(other) && other.getFirstPropertyValue('uid') === component.getFirstPropertyValue('uid')),
  strictExceptions: true,
}))

const shown = (item, start, end) => ({
  uid: item.uid,
  summary: item.summary,
  location: item.location,
  status: item.component.getFirstPropertyValue('status'),
  sequence: item.sequence,
  start: start.toJSDate().toISOString(),
  end: end.toJSDate().toISOString(),
})

const occurrences = events.flatMap((event) => {
  if (!event.isRecurring()) return [shown(event, event.startDate, event.endDate)]
  const found = []
  const dates = event.iterator()
  for (let date = dates.next(); date; date = dates.next()) {
    const { item, startDate, endDate } = event.getOccurrenceDetails(date)
    found.push(shown(item, startDate, endDate))
  }
  return found
})

const text = (name) => calendar.getFirstPropertyValue(name)
process.stdout.write(JSON.stringify({ method: text('method'), name: text('x-wr-calname'), events: components.length, rules: components.filter((component) => component.hasProperty('rrule')).length, occurrences }))
